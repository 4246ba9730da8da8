namespace Shop.Contracts;

/// <summary>Names that the write side and the projector agree on.</summary>
public static class Topics
{
    /// <summary>Every event of every order, keyed by order id ("D" format), compacted.</summary>
    public const string Orders = "shop.orders.v1";

    /// <summary>Partitions of <see cref="Orders"/> where this project creates it.</summary>
    public const int OrdersPartitions = 12;

    /// <summary>Events that can never be projected, with their original coordinates as headers.</summary>
    public const string DeadLetters = "shop.orders.v1.dead-letters";
}
