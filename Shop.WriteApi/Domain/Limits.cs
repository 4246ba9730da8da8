namespace Shop.WriteApi.Domain;

/// <summary>Maximum lengths and amounts in orders, customers and products. The README lists them.</summary>
internal static class Limits
{
    public const int Lines = 200;
    public const int Quantity = 10_000;

    /// <summary>Minor units of a price or total: 15 digits, which every JSON reader keeps exactly.</summary>
    public const long Amount = 999_999_999_999_999;

    /// <summary>
    /// The earliest time of an imported order. Nothing was ordered through computers long before, and every store and
    /// language has a time that counts from here.
    /// </summary>
    public static readonly DateTimeOffset PlacedFrom = DateTimeOffset.UnixEpoch;

    public const int Sku = 64;
    public const int Name = 200;
    public const int Category = 100;
    public const int Email = 254;
    public const int Country = 2;
    public const int Currency = 3;
    public const int Street = 200;
    public const int PostalCode = 20;
    public const int City = 100;
    public const int Note = 2_000;
    public const int Reason = 500;
    public const int Method = 50;
    public const int Reference = 100;
    public const int Carrier = 100;
    public const int TrackingNumber = 100;
}
