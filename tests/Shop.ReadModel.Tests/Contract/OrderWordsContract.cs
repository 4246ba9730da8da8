using System.Text;
using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>What the words of a search find, the same on every store.</summary>
public abstract class OrderWordsContract(IOrderStores stores)
{
    [SkippableTheory]
    [InlineData("keyboard", true)]
    [InlineData("KEYBOARD", true)]
    [InlineData("keyb", true)]
    [InlineData("board", false)]
    [InlineData("keyboards", false)]
    [InlineData("keyboard lamp", true)] // Across fields.
    [InlineData("lamp keyboard", true)]
    [InlineData("lamp minh", true)]
    [InlineData("keyb lamp", false)] // Only the last word is a prefix.
    [InlineData("lamp keyb", true)]
    [InlineData("keyboard desk", false)] // All words must match.
    [InlineData("1080p", true)]
    [InlineData("70806", true)]
    [InlineData("häfen", true)]
    public Task Words_match_in_any_field(string text, bool isFound) => FindsAsync(
        Orders.New(order => order with
        {
            Customer = order.Customer with { Name = "Nguyễn Minh Đức" },
            Lines = [Orders.Line("Mechanical keyboard"), Orders.Line("Lamp, 1080p", category: "Lighting")],
            ShippingAddress = new("Jörg Groß", "Straße am Häfen 7a", "70806", "Kornwestheim", "DE"),
            Note = "Leave it at the neighbour's door",
        }),
        text,
        isFound);

    [SkippableTheory]
    [InlineData("Đức", "duc")]
    [InlineData("Đức", "ĐỨC")]
    [InlineData("duc", "Đức")]
    [InlineData("Straße", "strasse")]
    [InlineData("strasse", "STRAẞE")]
    [InlineData("Zoë Ångström", "zoe angstrom")]
    [InlineData("Łódź", "lodz")]
    [InlineData("Søren Ægir", "soren aegir")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("Pe\u0301rez", "perez")] // Decomposed.
    [InlineData("Pérez", "pe\u0301rez")]
    [InlineData("ＡＢＣ", "abc")]
    [InlineData("O’Brien", "o'brien")]
    [InlineData("ПРИВЕТ", "привет")]
    [InlineData("Ελλάδα", "ελλάδα")]
    [InlineData("東京タワー", "東京")]
    [InlineData("한국어", "한국")]
    public Task Case_and_accents_do_not_matter(string name, string text) =>
        FindsAsync(Orders.WithCustomer(name), text, isFound: true);

    [SkippableTheory]
    [InlineData("\"red oak\"", true)]
    [InlineData("\"RED OAK\"", true)]
    [InlineData("\"oak red\"", false)]
    [InlineData("\"red table\"", false)]
    [InlineData("\"oak tab\"", false)] // A phrase's words are whole.
    [InlineData("\"red oak table\"", true)]
    [InlineData("\"red oak", true)] // A quote that is not closed.
    [InlineData("“red oak”", true)]
    [InlineData("\"table lamp\"", false)] // Not from one line into the next.
    [InlineData("\"red oak\" lam", true)]
    [InlineData("red-oak", true)] // What is written together stands together.
    [InlineData("oak-red", false)]
    [InlineData("red.oak", true)]
    public Task Phrases_stand_together_in_one_field(string text, bool isFound) =>
        FindsAsync(Orders.WithProducts("Red oak table", "Lamp"), text, isFound);

    [SkippableTheory]
    [InlineData("-lamp", false)]
    [InlineData("-desk", true)]
    [InlineData("table -desk", true)]
    [InlineData("table -lamp", false)]
    [InlineData("table -lam", true)] // No prefix.
    [InlineData("table -\"red oak\"", false)]
    [InlineData("table -\"oak red\"", true)]
    [InlineData("table - lamp", true)] // A dash of its own excludes nothing.
    [InlineData("-SO-NOPE", true)]
    public Task Excluded_words_must_not_match(string text, bool isFound) =>
        FindsAsync(Orders.WithProducts("Red oak table", "Lamp"), text, isFound);

    [SkippableTheory]
    [InlineData("SO-2025-4711", true)]
    [InlineData("so-2025-4711", true)]
    [InlineData("SO-2025", false)]
    [InlineData("4711", false)]
    [InlineData("\"SO-2025-4711\"", true)]
    [InlineData("-SO-2025-4711", false)]
    [InlineData("KB/87.DE", true)]
    [InlineData("kb/87.de", true)]
    [InlineData("KB/87", false)]
    [InlineData("maria.o'hara+shop@example.com", true)]
    [InlineData("Maria.O'Hara+Shop@Example.com", true)]
    [InlineData("maria.o'hara", false)]
    [InlineData("example.com", false)]
    [InlineData("SO-2025-4711 kb/87.de thing", true)]
    [InlineData("SO-2025-4711 nothing", false)]
    [InlineData("#SO-2025-4711", true)]
    [InlineData("#SO-2025-4711,", true)]
    [InlineData("(maria.o'hara+shop@example.com)", true)]
    [InlineData("<maria.o'hara+shop@example.com>;", true)]
    [InlineData("KB/87.DE.", true)]
    [InlineData("KB/87.DE-", true)]
    [InlineData("¿SO-2025-4711?…", true)]
    [InlineData("SO-2025-4711、", true)]
    [InlineData("'maria.o'hara+shop@example.com'.", true)]
    [InlineData("*maria.o'hara+shop@example.com*/", true)]
    [InlineData("（maria.o'hara+shop@example.com），", true)]
    [InlineData("Y-1.", true)]
    [InlineData("Y-1", false)]
    public Task Numbers_skus_and_emails_match_whole(string text, bool isFound) => FindsAsync(
        Orders.New(order => order with
        {
            Number = "SO-2025-4711",
            Customer = order.Customer with { Email = "Maria.O'Hara+shop@example.com" },
            Lines = [Orders.Line("A thing", sku: "KB/87.de"), Orders.Line("Another", sku: "X-1"), Orders.Line("Third", sku: "Y-1.")],
        }),
        text,
        isFound);

    [SkippableTheory]
    [InlineData("wi-fi 6 router", "wi-fi")]
    [InlineData("wi-fi 6 router", "fi 6 rou")]
    [InlineData("price 1,299.50 net", "1,299.50")]
    [InlineData("v2.1 of foo_bar", "foo_bar")]
    [InlineData("C++ & C# (2nd ed.)", "2nd ed")]
    [InlineData("new\nline\tand\u00A0space", "line and space")]
    [InlineData("soft\u00ADhyphen", "soft\u00ADhy")]
    [InlineData("emoji👍here", "here")]
    [InlineData("back\\slash 'quoted' a:b", "quoted")]
    [InlineData("back\\slash 'quoted' a:b", "back\\slash")]
    public Task Punctuation_takes_texts_apart_the_same_way_everywhere(string note, string text) =>
        FindsAsync(Orders.WithNote(note), text, isFound: true);

    [SkippableTheory]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("*")]
    [InlineData("lamp*")]
    [InlineData("la?p")]
    [InlineData("lamp~2")]
    [InlineData("lamp:*")]
    [InlineData("note:lamp")]
    [InlineData("lamp AND OR NOT ()")]
    [InlineData("!lamp | <-> & (")]
    [InlineData("'lamp' <-> 'x':*A")]
    [InlineData("'; DROP TABLE order_summaries; --")]
    [InlineData("{\"match_all\":{}}")]
    [InlineData("\\")]
    [InlineData("\\'")]
    [InlineData("%_")]
    [InlineData("\u0000")]
    [InlineData("\ud800 lamp")]
    [InlineData("\uFFFF\u200D\u202E")]
    [InlineData("--- -\"\" \"\" -")]
    public async Task Hostile_text_finds_something_or_nothing(string text)
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(Orders.WithNote("lamp"));

        var page = await store.SearchAsync(Orders.All with { Text = Parse(text) });

        _ = page.Orders.Select(order => new SearchHighlighter(Parse(text)).Highlight(order.Document)).ToList();
        Assert.Equal(page.Orders.Count, page.Total.Value);
    }

    [SkippableFact]
    public async Task Long_texts_and_many_words_are_accepted()
    {
        var store = await stores.CreateAsync();
        var words = Enumerable.Range(0, 5_000).Select(i => $"word{i}");
        var order = Orders.WithNote(string.Join(' ', words) + new string('x', 40_000));
        await store.ApplyAsync(order);

        Assert.Single((await SearchAsync(store, "word4998")).Orders);
        Assert.Single((await SearchAsync(store, string.Join(' ', words.Take(40)))).Orders);
        Assert.Empty((await SearchAsync(store, string.Join('-', Enumerable.Repeat("word1", SearchTextParser.MaxWords / 2)))).Orders);
    }

    [SkippableFact]
    public async Task A_search_without_words_finds_everything_and_one_without_matches_nothing()
    {
        var store = await stores.CreateAsync();
        Assert.Equivalent(new TotalHits(0, false), (await SearchAsync(store, "")).Total);

        await store.ApplyAsync(Orders.New(), Orders.New());

        Assert.Equal(2, (await SearchAsync(store, "")).Orders.Count);
        Assert.Equal(2, (await SearchAsync(store, " *** ")).Orders.Count);
        var nothing = await SearchAsync(store, "nowhere");
        Assert.Empty(nothing.Orders);
        Assert.Equal(0, nothing.Total.Value);
        Assert.Null(nothing.Next);
    }

    [SkippableFact]
    public async Task A_document_with_unknown_members_is_stored_and_returned_byte_for_byte()
    {
        var store = await stores.CreateAsync();
        var plain = SerializedOrder.From(Orders.WithNote("additive"));
        var json = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(plain.Json.Span)[..^1] + ""","loyalty":{"tier":"g\u00f6ld","points":[1,2.50]}}""");

        var outcomes = await store.Index.ApplyAsync([SerializedOrder.Parse(json)], default);
        await store.MakeSearchable();

        Assert.Equal(IndexResult.Applied, Assert.Single(outcomes).Result);
        Assert.Equal(json, Assert.Single((await SearchAsync(store, "additive")).Orders).Json);
        Assert.Equal(json, (await store.Search.GetAsync(plain.Id, CallerScope.Everything, minVersion: 0, default))!.Json);
    }

    [SkippableFact]
    public async Task A_newer_version_is_found_by_its_words_alone()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order.At(version: 1, "before"));
        await store.ApplyAsync(order.At(version: 2, "after"));

        Assert.Empty((await SearchAsync(store, "before")).Orders);
        Assert.Single((await SearchAsync(store, "after")).Orders);
    }

    [SkippableFact]
    public async Task Highlights_mark_matches_and_encode_the_rest()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(Orders.New(order => order with
        {
            Number = "SO-1",
            Customer = order.Customer with { Name = "Đức <b>" },
            Lines = [Orders.Line("Red & green lamp"), Orders.Line("Plug")],
        }));

        var text = Parse("so-1 duc lam");
        var page = await store.SearchAsync(Orders.All with { Text = text });

        var highlights = new SearchHighlighter(text).Highlight(Assert.Single(page.Orders).Document);
        Assert.Equal(["<mark>SO-1</mark>"], highlights["number"]);
        Assert.Equal(["<mark>Đức</mark> &lt;b&gt;"], highlights["customer.name"]);
        Assert.Equal(["Red &amp; green <mark>lamp</mark>"], highlights["lines.name"]);
        Assert.Equal(3, highlights.Count);
    }

    private async Task FindsAsync(OrderDocument order, string text, bool isFound)
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(order);

        var page = await SearchAsync(store, text);

        Assert.Equal(isFound ? [order.Id] : [], page.Orders.Select(order => order.Document.Id));
        Assert.Equal(isFound ? 1 : 0, page.Total.Value);
    }

    private static Task<OrderSearchPage> SearchAsync(OrderStore store, string text) =>
        store.SearchAsync(Orders.All with { Text = Parse(text) });

    private static SearchText Parse(string text) => SearchTextParser.Parse(text, out _);
}
