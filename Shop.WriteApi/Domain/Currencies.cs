using System.Globalization;
using Shop.Contracts;

namespace Shop.WriteApi.Domain;

/// <summary>The currencies of ISO 4217 and their minor units.</summary>
internal static class Currencies
{
    private const string WithoutDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    private const string WithThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
    private const string WithTwoDecimals =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
        + "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
        + "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
        + "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
        + "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG";

    private static readonly Dictionary<string, int> Decimals =
        new[] { (WithoutDecimals, 0), (WithTwoDecimals, 2), (WithThreeDecimals, 3) }
            .SelectMany(group => group.Item1.Split(' '), (group, currency) => (currency, group.Item2))
            .ToDictionary(entry => entry.currency, entry => entry.Item2);

    public static bool IsKnown(string currency) => Decimals.ContainsKey(currency);

    /// <summary>Formats an amount for messages: 129900 EUR as "1299.00 EUR".</summary>
    public static string Format(Money money)
    {
        var decimals = Decimals.GetValueOrDefault(money.Currency, 2);
        var amount = money.Amount / (decimal)Math.Pow(10, decimals);
        return $"{amount.ToString($"F{decimals}", CultureInfo.InvariantCulture)} {money.Currency}";
    }
}
