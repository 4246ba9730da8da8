namespace Shop.ReadModel.Names;

/// <summary>
/// The rank of a name: twice as many orders are worth as much as a latest order that is two months younger. It does
/// not depend on the current time, so that it changes only with the orders.
/// </summary>
internal static class NameWeight
{
    /// <summary>Ninety days: the time in which e times as many orders lose their advantage.</summary>
    public const int Seconds = 90 * 24 * 3600;

    /// <param name="now">A latest order in the future counts as one of now.</param>
    public static double Of(long orders, DateTimeOffset latest, DateTimeOffset now) =>
        Math.Log(Math.Max(1, orders)) + ((double)(latest < now ? latest : now).ToUnixTimeSeconds() / Seconds);
}
