using System.Runtime.CompilerServices;
using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>
/// A phone number is found in any spelling, the same on every store. The orders are written once; each test only
/// searches.
/// </summary>
public abstract class PhoneNumbersContract(IOrderStores stores)
{
    private static readonly ConditionalWeakTable<IOrderStores, Lazy<Task<OrderStore>>> Filled = [];

    private static readonly string[] Spellings =
    [
        "+49 30 1234-567", "0049 (0)30 1234567", "030/1234567", "(030) 123 45 67", "030.1234567", "0301234567",
        "０３０－１２３４５６７", "٠٣٠ ١٢٣٤٥٦٧",
    ];

    private static readonly string[] Others =
    [
        "500 ml", "3 m", "2025-06-01", "20250601", "+1 202 506-0112", "SO-2025-4711", "10115", "1.234,56",
        "0171 2345678", "030 1234568", "030 12345",
    ];

    private static readonly Dictionary<string, OrderDocument> Sample = Spellings.Concat(Others)
        .ToDictionary(text => text, text => Orders.WithNote($"Ring {text} at noon"));

    private static readonly OrderDocument InAddress = Orders.New(order => order with
    {
        ShippingAddress = new("Ada Lovelace", "Long Road 1, 030/123-4567", "10115", "Berlin", "DE"),
    });

    public static TheoryData<string> Whole =>
        [.. Spellings, "ring (030) 123 45 67 noon", "030 1234 567 ring", "\"030 - 1234567\"", "+49 301234567 "];

    [SkippableTheory]
    [MemberData(nameof(Whole))]
    public async Task A_phone_number_is_found_in_any_spelling(string query)
    {
        var (found, text) = await FindAsync(query);

        Assert.Superset(Spellings.ToHashSet(), found);
        Assert.Empty(Others.Intersect(found));
        var highlighter = new SearchHighlighter(text);
        Assert.All(Spellings, spelling => Assert.Contains(
            "<mark>", highlighter.Highlight(Sample[spelling])["note"][0], StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("030 1234567")]
    [InlineData("0049 30 123 45 67")]
    [InlineData("lovelace +49 (30) 1234567")]
    [InlineData("030 123 4")]
    public async Task A_phone_number_in_an_address_is_found(string query)
    {
        var (found, text) = await FindAsync(query);

        Assert.Contains("address", found);
        Assert.Contains("<mark>030/123-4567</mark>", new SearchHighlighter(text)
            .Highlight(InAddress)["shippingAddress.street"][0], StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("030 123", true)]
    [InlineData("+49 30 123", true)]
    [InlineData("0049 30 1234", true)]
    [InlineData("(030) 12345", true)]
    [InlineData("ring 030/123-4", true)]
    [InlineData("0301234 ring", false)] // Only the last word is a prefix.
    [InlineData("030 1235", false)]
    [InlineData("49 30 123", false)] // Without + or 0, these are the first digits.
    public async Task A_phone_number_is_found_while_it_is_typed(string query, bool isFound)
    {
        var (found, _) = await FindAsync(query);

        Assert.Equal(isFound, found.IsSupersetOf(Spellings));
    }

    [SkippableTheory]
    [InlineData("2025-06-01", "2025-06-01", "20250601")]
    [InlineData("2025-06-0", "2025-06-01", "20250601")]
    [InlineData("SO-2025-4711", "SO-2025-4711")]
    [InlineData("1.234,56 noon", "1.234,56")]
    [InlineData("500 ml 3")]
    [InlineData("02345678")]
    [InlineData("+49 30 12345 -\"030 1234567\"", "030 12345")]
    public async Task Other_digits_find_no_phone_number(string query, params string[] expected)
    {
        var (found, _) = await FindAsync(query);

        Assert.Equal(expected.Order(), found.Order());
    }

    private async Task<(HashSet<string> Found, SearchText Text)> FindAsync(string query)
    {
        var store = await Filled.GetValue(stores, stores => new(() => FillAsync(stores))).Value;
        var text = SearchTextParser.Parse(query, out _);
        var page = await store.SearchAsync(Orders.All with { Text = text, Size = 100 });
        var names = Sample.Append(new("address", InAddress)).ToDictionary(order => order.Value.Id, order => order.Key);
        return ([.. page.Orders.Select(order => names[order.Document.Id])], text);
    }

    private static async Task<OrderStore> FillAsync(IOrderStores stores)
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync([.. Sample.Values, InAddress]);
        return store;
    }
}
