using System.Globalization;
using Shop.Contracts;

namespace Shop.WriteApi.Domain;

/// <summary>
/// The currencies of ISO 4217 and their decimals, from the npm package currency-codes, with the withdrawn ones of
/// CLDR's supplemental data (docs/api.md). .NET's own data has CLDR's decimals, which differ from ISO's.
/// </summary>
internal static class Currencies
{
    private const string Withdrawn = "withdrawn";

    private static readonly Dictionary<string, string[]> All = ReferenceData.Read("currencies.tsv");

    /// <summary>Whether something can be sold in this currency today.</summary>
    public static bool IsCurrent(string currency) => All.TryGetValue(currency, out var known) && known[1] != Withdrawn;

    /// <summary>Whether the currency exists or existed.</summary>
    public static bool IsKnown(string currency) => All.ContainsKey(currency);

    /// <summary>Formats an amount for messages: 129900 EUR as "1299.00 EUR".</summary>
    public static string Format(Money money)
    {
        var decimals = All.TryGetValue(money.Currency, out var known)
            ? int.Parse(known[0], CultureInfo.InvariantCulture)
            : 2;
        var amount = money.Amount / (decimal)Math.Pow(10, decimals);
        return $"{amount.ToString($"F{decimals}", CultureInfo.InvariantCulture)} {money.Currency}";
    }
}
