namespace Shop.WriteApi.Orders;

/// <summary>A rule of the order says no. Answered as 409 with <see cref="Code"/>, which callers may rely on.</summary>
internal sealed class OrderRuleException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
