namespace Shop.Contracts;

/// <summary>Values of <see cref="EventHeaders.Type"/>: <c>shop.order.{name}.v{n}</c>.</summary>
public static class OrderEventTypes
{
    private const string Prefix = "shop.order.";
    private const string Version = ".v1";

    /// <summary>The type under which <typeparamref name="TEvent"/> is written today.</summary>
    public static string Of<TEvent>()
        where TEvent : IOrderEvent => Prefix + TEvent.Name + Version;

    /// <summary>
    /// Whether this version of the contract can read events of <paramref name="type"/>: every v1 carries the order's
    /// full state, so a name that is new here is read all the same, a higher version is not.
    /// </summary>
    public static bool IsReadable(string type) =>
        type.StartsWith(Prefix, StringComparison.Ordinal) && type.EndsWith(Version, StringComparison.Ordinal);
}
