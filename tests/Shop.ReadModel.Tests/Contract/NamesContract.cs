using Shop.Contracts;
using Shop.ReadModel.Names;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Names of customers and products, the same on every store.</summary>
public abstract class NamesContract(IOrderStores stores)
{
    /// <summary>The number of an order of which only the names are applied.</summary>
    private const string NotStored = "1";

    private static readonly DateTimeOffset Later = DateTimeOffset.UnixEpoch.AddYears(1_000);
    private static readonly DateTimeOffset Start = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What is typed, and the names that complete it.</summary>
    private static readonly (string Typed, string[] Names)[] Completions =
    [
        ("d", ["Nguyễn Minh Đức", "Desk lamp"]),
        ("NGUYEN", ["Nguyễn Minh Đức"]),
        ("đức ng", ["Nguyễn Minh Đức"]), // Any word may come first.
        ("minh duckworth", []),
        ("keyb", ["Keyboard, mechanical", "Keyboard tray"]),
        ("keyboard ", ["Keyboard, mechanical", "Keyboard tray"]),
        ("tray k", ["Keyboard tray"]),
        ("keyboard -tray", ["Keyboard, mechanical"]),
        ("desklamp", ["Desk lamp"]),
        ("board", []), // Not from the middle of a word.
        ("duc keyb", []), // One name has both, or none is suggested.
        ("berlin", []), // Found by a search, but no name.
        ("example", []), // Nor are e-mail addresses.
        ("kezboard", ["Keyboard, mechanical", "Keyboard tray"]),
        ("mehcan", ["Keyboard, mechanical"]), // A mistake in a beginning.
        ("zzzzzz", []),
    ];

    private static readonly string[] Hostile =
    [
        "\"",
        "*",
        "lamp*",
        ".*",
        "'; DROP TABLE order_names; --",
        "\\",
        "\ud800 lamp",
        "{\"match_all\":{}}",
        "abcdefghijklmnopqrstuvwxyz aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccccc",
    ];

    [SkippableFact]
    public async Task Names_complete_what_is_typed()
    {
        var store = await CreateAsync();
        await ApplyAsync(store, Orders.New(order => order with
        {
            Customer = order.Customer with { Name = "Nguyễn Minh Đức" },
            Lines =
            [
                Orders.Line("Keyboard, mechanical", "A"), Orders.Line("Keyboard tray", "B"), Orders.Line("Desk lamp", "C"),
            ],
        }));

        foreach (var (typed, names) in Completions)
        {
            var suggestions = await SuggestAsync(store, typed);
            Assert.Equal((typed, string.Join('|', names)), (typed, string.Join('|', suggestions.Items.Select(item => item.Text))));
        }
    }

    [SkippableFact]
    public async Task A_correction_is_said_and_each_is_suggested_once_with_what_it_is()
    {
        var store = await CreateAsync();
        var customer = new OrderCustomer(Guid.CreateVersion7(), "Lamar Lamb", "lamar@example.com", "DE");
        var orders = Enumerable.Range(0, 3).Select(_ => Orders.New(order => order with
        {
            Customer = customer,
            Lines = [Orders.Line("Lamp", "LI-1"), Orders.Line("Lamp", "LI-1")],
        })).ToArray();
        await ApplyAsync(store, orders);
        Suggestion[] expected =
        [
            new(SuggestionKind.Customer, "Lamar Lamb", $"{customer.Id}"), new(SuggestionKind.Product, "Lamp", "LI-1"),
        ];

        Assert.Equal(expected, (await SuggestAsync(store, "la")).Items);
        Assert.Null((await SuggestAsync(store, "la")).Corrected);
        var corrected = await SuggestAsync(store, "lmaar");
        Assert.Equal((expected[0], "lamar"), (Assert.Single(corrected.Items), corrected.Corrected));
        Assert.Empty((await SuggestAsync(store, "")).Items);
    }

    [SkippableFact]
    public async Task Orders_are_suggested_by_the_beginning_of_their_number()
    {
        var store = await CreateAsync();
        var (first, second) = (Orders.New(order => order with { Number = "XQSX3XQ0KH" }), Orders.New(order => order with { Number = "XQSX3A0000" }));
        await ApplyAsync(store, first, second, Orders.New(order => order with
        {
            Lines = [Orders.Line("Thing", "XQSX-1")],
            Customer = order.Customer with { Email = "xqsx3@example.com" },
        }));

        Assert.Equal(["XQSX3A0000", "XQSX3XQ0KH"], await NumbersAsync("xqsx"));
        Assert.Equal(["XQSX3XQ0KH"], await NumbersAsync("#XQSX3X"));
        Assert.Empty(await NumbersAsync("xqs")); // Too short for a number.
        Assert.Equal(
            [new(SuggestionKind.Order, first.Number, $"{first.Id}")], (await SuggestAsync(store, "xqsx3xq0kh")).Items);

        async Task<IEnumerable<string>> NumbersAsync(string typed) =>
            (await SuggestAsync(store, typed)).Items.Select(suggestion => suggestion.Text);
    }

    [SkippableFact]
    public async Task Many_orders_and_recent_ones_come_first_and_no_more_than_are_asked_for()
    {
        var store = await CreateAsync();
        OrderDocument Order(OrderCustomer customer, int days) =>
            Orders.New(order => order with { Customer = customer, PlacedAt = Start.AddDays(days), UpdatedAt = Start.AddDays(days) });
        var (often, once, recently) = (Customer("Zelda often"), Customer("Zelda once"), Customer("Zelda recently"));
        await ApplyAsync(
            store, [.. Enumerable.Range(0, 10).Select(_ => Order(often, 0)), Order(once, 0), Order(recently, 100)]);

        Assert.Equal(
            ["Zelda often", "Zelda recently", "Zelda once"],
            (await SuggestAsync(store, "zel")).Items.Select(suggestion => suggestion.Text));
        Assert.Equal("Zelda often", Assert.Single((await SuggestAsync(store, "zel", limit: 1)).Items).Text);
        var found = await store.NameSearch!.FindAsync(new(NameKind.Customer, Parse("often"), 10), default);
        Assert.Equal((10, Start), (found.Single().Orders, found.Single().LatestOrderAt));
    }

    [SkippableFact]
    public async Task The_same_events_give_the_same_names_in_any_order_and_however_often_they_arrive()
    {
        var store = await CreateAsync();
        var random = new Random(5);
        var events = RandomEvents(random);
        var expected = NameEntry.Of(events).OrderBy(name => $"{name.Key}", StringComparer.Ordinal).ToList();
        await store.ApplyAsync([.. events.GroupBy(order => order.Id).Select(same => same.MaxBy(order => order.Version)!)]);
        for (var round = 0; round < 3; round++)
        {
            random.Shuffle(events);
            foreach (var some in events.Chunk(random.Next(1, 20)))
                await store.Names!.ApplyAsync(NameEntry.Of(some), default);
        }

        var keys = await store.NameKeysAsync();
        var stored = await store.Names!.ReadAsync(keys, default);

        Assert.Equal(expected, stored.OrderBy(name => $"{name.Key}", StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task Orders_are_counted_and_names_without_orders_are_removed_unless_they_are_new()
    {
        var store = await CreateAsync();
        var events = RandomEvents(new(6));
        OrderDocument[] newest = [.. events.GroupBy(order => order.Id).Select(same => same.MaxBy(order => order.Version)!)];
        await store.ApplyAsync(newest);
        await store.Names!.ApplyAsync(NameEntry.Of(events), default);
        await store.Names.ApplyAsync(NameEntry.Of([Orders.WithCustomer("Nobody")]), default);
        var keys = await store.NameKeysAsync();

        await store.Names.CountAsync(keys, DateTimeOffset.UnixEpoch, default);
        Assert.Equal(keys, await store.NameKeysAsync());
        var without = keys.Except(NameEntry.Of(newest).Select(name => name.Key)).Count(); // Nobody, for example.
        Assert.Equal(without, await store.Names.CountAsync(keys, Later, default));
        Assert.Equal(0, await store.Names.CountAsync(keys, Later, default));

        await store.RefreshNamesAsync();
        foreach (var customer in newest.GroupBy(order => order.Customer.Id))
        {
            var text = NameEntry.Of(events).Single(name => name.Key.Id == $"{customer.Key}").Text;
            var found = await store.NameSearch!.FindAsync(new(NameKind.Customer, Parse(text), 10), default);
            Assert.Contains((customer.LongCount(), customer.Max(order => order.PlacedAt)), found
                .Where(name => name.Key.Id == $"{customer.Key}").Select(name => (name.Orders, name.LatestOrderAt)));
        }
    }

    [SkippableFact]
    public async Task A_shadow_gets_what_is_applied_meanwhile_and_replaces_the_live_names()
    {
        var store = await CreateAsync();
        var (lost, found, added) = (Orders.WithCustomer("Lost"), Orders.WithCustomer("Found"), Orders.WithCustomer("Added"));
        await ApplyAsync(store, lost);
        await store.ApplyAsync(found, added);
        var shadow = await store.Names!.CreateShadowAsync(default);
        await shadow.ApplyAsync(NameEntry.Of([found]), default);
        await store.Names.ApplyAsync(NameEntry.Of([added]), default);
        Assert.Equal("Lost", Assert.Single((await SuggestAsync(store, "lost")).Items).Text);
        await store.Names.CutOverAsync(default);

        Assert.Equal(IndexState.Ready, await store.Names.EnsureCreatedAsync(default));
        Assert.Equal(["Added", "Found"], (await store.Names.ReadAsync(await store.NameKeysAsync(), default))
            .Where(name => name.Key.Kind == NameKind.Customer).Select(name => name.Text).Order());
        Assert.Contains(new(NameKind.Customer, $"{lost.Customer.Id}"), await store.Names.MissingAsync(10, default));
        Assert.Empty((await SuggestAsync(store, "lost")).Items);
    }

    [SkippableFact]
    public async Task Customers_are_found_as_the_words_of_their_names_and_addresses_say()
    {
        var store = await CreateAsync();
        var customers = (string[])["Ada Lovelace", "Đức Müller-Lüdenscheidt", "O'Brien ada", "Zoë Red Bull", "Smith"];
        var orders = customers.Select(name => Orders.New(order => order with { Customer = Customer(name) })).ToArray();
        await ApplyAsync(store, orders);

        foreach (var typed in (string[])
            ["ada", "a", "obrien", "mueller lud", "redbull", "red bul", "ada -lovelace", "example.com", "zoe@ex", "smiht", "\"ada l\""])
        {
            var query = new NameQuery(NameKind.Customer, Parse(typed), 10, WithEmails: true);
            var expected = orders.Select(order => order.Customer)
                .Where(customer => NameWord.AreIn(NameEntry.TermsOf(customer.Name, customer.Email), query));
            var found = await store.NameSearch!.FindAsync(query, default);
            Assert.Equal(expected.Select(customer => customer.Name).Order(), found.Select(name => name.Text).Order());
        }
    }

    [SkippableFact]
    public async Task Hostile_text_suggests_something_or_nothing()
    {
        var store = await CreateAsync();
        await ApplyAsync(store, Orders.WithProducts("lamp"), Orders.New(order => order with
        {
            Number = NotStored,
            Customer = order.Customer with { Name = "\0\ud800" + new string('x', 5_000) },
            Lines = [Orders.Line("nul", "NUL\0"), Orders.Line("long", new string('L', 3_000))],
        }));

        foreach (var typed in Hostile)
            Assert.All((await SuggestAsync(store, typed)).Items, suggestion => Assert.Equal("lamp", suggestion.Text));
    }

    private async Task<OrderStore> CreateAsync()
    {
        var store = await stores.CreateAsync();
        await store.EmptyNamesAsync();
        return store;
    }

    private static async Task ApplyAsync(OrderStore store, params OrderDocument[] orders)
    {
        OrderDocument[] storable = [.. orders.Where(order => order.Number != NotStored)];
        await store.ApplyAsync(storable);
        await store.ApplyNamesAsync(orders);
    }

    private static Task<Suggestions> SuggestAsync(OrderStore store, string typed, int limit = 10) =>
        new NameSuggester(store.NameSearch!, new OrderSuggester(store.Search))
            .SuggestAsync(Parse(typed), CallerScope.Everything, limit, default);

    /// <summary>Versions of a few orders of a few customers, who change their names, and of a few products.</summary>
    internal static OrderDocument[] RandomEvents(Random random)
    {
        Guid[] customers = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];
        return
        [
            .. Enumerable.Range(0, 12).SelectMany(number =>
            {
                var customer = customers[random.Next(customers.Length)];
                var placed = Orders.New(order => order with { PlacedAt = Start.AddHours(random.Next(100)) });
                return Enumerable.Range(1, random.Next(1, 6)).Select(version => placed with
                {
                    Version = version,
                    UpdatedAt = Start.AddHours(100 + (version / 2)), // Some at the same time.
                    Customer = new(customer, $"Name {random.Next(9)}", $"c{random.Next(9)}@example.com", "DE"),
                    Lines = [Orders.Line($"Product {random.Next(9)}", $"SKU-{random.Next(5)}")],
                });
            }),
        ];
    }

    private static OrderCustomer Customer(string name) =>
        new(Guid.CreateVersion7(), name, $"{name[..3].ToLowerInvariant()}@example.com", "DE");

    private static SearchText Parse(string typed) => SearchTextParser.Parse(typed, out _);
}
