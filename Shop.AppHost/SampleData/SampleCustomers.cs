using System.Text;
using Bogus;
using Bogus.DataSets;

namespace Shop.AppHost.SampleData;

/// <summary>Customers from many countries, a few of whom order often.</summary>
internal sealed class SampleCustomers
{
    private const int Count = 600;

    // Locales for which Bogus has names, streets and towns.
    private static readonly (string Country, string Locale, float Share)[] Countries =
    [
        ("DE", "de", 0.22f), ("AT", "de_AT", 0.06f), ("CH", "de_CH", 0.04f), ("FR", "fr", 0.12f),
        ("GB", "en_GB", 0.10f), ("IE", "en_IE", 0.03f), ("NL", "nl", 0.07f), ("IT", "it", 0.08f), ("ES", "es", 0.07f),
        ("PT", "pt_PT", 0.03f), ("PL", "pl", 0.07f), ("CZ", "cz", 0.03f), ("SE", "sv", 0.04f), ("TR", "tr", 0.02f),
        ("VN", "vi", 0.02f),
    ];

    // Names with accents that Bogus does not have. Searches should find them with and without the accents.
    private static readonly (string First, string Last, string Country)[] Guests =
    [
        ("Đức", "Nguyễn", "DE"), ("Łukasz", "Wójcik", "PL"), ("Jürgen", "Müller", "DE"), ("Zoë", "Grünwald", "AT"),
        ("Søren", "Ångström", "SE"), ("Žofie", "Dvořáková", "CZ"), ("Şebnem", "Yıldız", "TR"),
        ("Renée", "Lefèvre", "FR"), ("Íñigo", "Núñez", "ES"), ("João", "Conceição", "PT"),
        ("Aoife", "Ní Bhriain", "IE"), ("Yuki", "Tanaka", "GB"), ("Dmytro", "Shevchenko", "DE"),
        ("Xiaoming", "Wang", "NL"), ("Bjørn", "Strauß", "DE"), ("Nguyễn Thị", "Hương", "VN"),
    ];

    private readonly List<SampleCustomer> _customers;

    public SampleCustomers(int seed)
    {
        var random = new Randomizer(seed);
        var fakers = Countries.ToDictionary(c => c.Country, c => new Faker(c.Locale) { Random = random });
        _customers = [.. Enumerable.Range(0, Count).Select(i => Make(i, random, fakers))];
    }

    public SampleCustomer Pick(Randomizer random) =>
        _customers[(int)(_customers.Count * Math.Pow(random.Double(), 1.8))];

    private static SampleCustomer Make(int number, Randomizer random, Dictionary<string, Faker> fakers)
    {
        var (first, last, country) = number % 12 == 0 && number / 12 < Guests.Length
            ? Guests[number / 12]
            : Name(
                fakers,
                random.WeightedRandom([.. Countries.Select(c => c.Country)], [.. Countries.Select(c => c.Share)]));
        var faker = fakers[country];
        var name = $"{first} {last}";
        var email = $"{Ascii(first)}.{Ascii(last)}{number}@example.com";
        var address = new ImportedAddress(
            random.Bool(0.9f) ? name : $"{first[0]}. {last}, {faker.Company.CompanyName()}",
            faker.Address.StreetAddress(),
            faker.Address.ZipCode(),
            faker.Address.City(),
            country);
        return new(new ImportedCustomer(name, email, country), address);
    }

    private static string Ascii(string name) => string.Concat(name
        .ToLowerInvariant()
        .Replace("ß", "ss", StringComparison.Ordinal)
        .Replace('đ', 'd')
        .Replace('ł', 'l')
        .Replace('ø', 'o')
        .Replace('ı', 'i')
        .Normalize(NormalizationForm.FormD)
        .Where(char.IsAsciiLetter));

    private static (string First, string Last, string Country) Name(Dictionary<string, Faker> fakers, string country)
    {
        var faker = fakers[country];
        var gender = faker.Random.Enum<Name.Gender>();
        return (faker.Name.FirstName(gender), faker.Name.LastName(gender), country);
    }
}

internal sealed record SampleCustomer(ImportedCustomer Customer, ImportedAddress Address);
