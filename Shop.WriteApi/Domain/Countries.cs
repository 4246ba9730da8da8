namespace Shop.WriteApi.Domain;

/// <summary>
/// The countries of ISO 3166-1, from the npm package i18n-iso-countries, with the withdrawn ones of ISO 3166-3 and XK
/// (Kosovo), and where an address needs a postal code, from libaddressinput's data (docs/api.md).
/// </summary>
internal static class Countries
{
    private const string Required = "required";

    private static readonly Dictionary<string, string[]> All = ReferenceData.Read("countries.tsv");

    /// <summary>Whether the country exists or existed: customers and addresses of old orders keep their code.</summary>
    public static bool IsKnown(string country) => All.ContainsKey(country);

    public static bool RequiresPostalCode(string country) =>
        All.TryGetValue(country, out var known) && known[0] == Required;
}
