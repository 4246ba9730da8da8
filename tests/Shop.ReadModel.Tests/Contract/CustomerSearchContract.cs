using Shop.Contracts;
using Shop.ReadModel.Names;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>The customer search corrects typing mistakes in the same way on every store.</summary>
public abstract class CustomerSearchContract(IOrderStores stores)
{
    private static readonly OrderCustomer Ada = Customer("Ada Lovelace", "countess@example.com");
    private static readonly OrderCustomer Anna = Customer("Anna Schmidt", "anna.schmidt@example.org");
    private static readonly OrderCustomer Vanya = Customer("Ваня Смирнов", "vanya@example.org");
    private static readonly OrderCustomer Minh = Customer("Nguyễn Minh Đức", "minh@example.com");
    private static readonly OrderCustomer Long = Customer("Wolfeschlegelsteinhausen", "w@example.com");
    private static readonly OrderCustomer Longer = Customer("Bolfeschlegelsteinhausens", "b@example.com");

    private static readonly OrderCustomer Deseret =
        Customer("\U00010428\U00010429\U0001042A\U0001042B", "d@example.com");

    /// <summary>What is typed, the names of those who are found, and the text that was searched for instead.</summary>
    private static readonly (string Typed, string Names, string? Corrected)[] Searches =
    [
        ("lovelcae", "Ada Lovelace", "lovelace"), // Two letters in the wrong order.
        ("lovlace", "Ada Lovelace", "lovelace"), // One is missing.
        ("lovellace", "Ada Lovelace", "lovelace"), // One too many.
        ("lovexace", "Ada Lovelace", "lovelace"), // Another one.
        ("l0velace", "", null), // A digit is a word of its own.
        ("ada-lovelcae", "Ada Lovelace", "ada lovelace"), // In a part.
        ("ada-lovelace", "Ada Lovelace", null),
        ("lvoel", "Ada Lovelace", "lovelace"), // In a beginning.
        ("lvoelcae", "", null), // Two mistakes.
        ("adda", "Ada Lovelace", "ada"),
        ("aad", "", null), // Of three letters.
        ("ada lovelcae", "Ada Lovelace", "ada lovelace"),
        ("addda lovelace", "", null),
        ("schmdit anan", "Anna Schmidt", "schmidt anna"),
        ("nguyne đúc", "Nguyễn Minh Đức", "nguyen đúc"),
        ("смринов", "Ваня Смирнов", "смирнов"),
        ("\U00010428\U0001042A\U00010429\U0001042B", Deseret.Name, Deseret.Name), // Each letter is a surrogate pair.
        ("lovelcae -ada", "", null),
        ("lovelcae -anna", "Ada Lovelace", "lovelace -anna"),
        ("\"lovelcae\"", "", null),
        ("wolfeschlegelsteinhausne", "Wolfeschlegelsteinhausen", "wolfeschlegelsteinhausen"),
        ("bolfeschlegelsteinhausesn", "", null), // Of 25 letters.
        ("lovelaec lovleace lvoelace lovelcae", "Ada Lovelace", "lovelace lovelace lovelace lovelace"),
        ("lovelaec lovleace lvoelace lovelcae olvelace", "", null), // Five words.

        // What was found as it was typed stays.
        ("lovelace", "Ada Lovelace", null),
        ("countess", "Ada Lovelace", null),
        ("countess@example.com", "Ada Lovelace", null),

        // An address is another customer's if it differs by a letter, so it is never corrected, in whole or in part.
        ("countses@example.com", "", null),
        ("countess@exmaple.com", "", null),
        ("countses", "", null),
        ("exmaple", "", null),
        ("lovelcae countses@example.com", "", null),
        ("lovelcae countess@example.com", "Ada Lovelace", "lovelace countess@example.com"),
        ("countess lovelcae", "Ada Lovelace", "countess lovelace"),

        ("keybaord", "", null), // No customer's name, but a product's.
        ("zzzzzz", "", null),
        ("-lovelcae", "", null),
        ("", "", null),
    ];

    [SkippableFact]
    public async Task A_typing_mistake_in_a_name_is_forgiven_and_one_in_an_address_is_not()
    {
        var store = await CreateAsync();
        await ApplyAsync(store, Ada, Anna, Vanya, Minh, Long, Longer, Deseret);

        foreach (var search in Searches)
        {
            var found = await FindAsync(store, search.Typed);

            var names = string.Join('|', found.Customers.Select(item => item.Customer.Name));
            Assert.Equal(search, (search.Typed, names, found.Corrected));
        }
    }

    [SkippableFact]
    public async Task A_typing_mistake_is_forgiven_wherever_it_is_in_a_word()
    {
        var store = await CreateAsync();
        await ApplyAsync(store, Ada, Customer("Lovel Lovela"), Customer("Loxelacs"));
        const string Word = "lovelace";
        foreach (var i in Enumerable.Range(0, Word.Length))
        {
            var (head, tail) = (Word[..i], Word[i..]);
            foreach (var typed in (string[])[$"{head}q{tail}", $"{head}q{tail[1..]}", head + tail[1..]])
            {
                var found = await FindAsync(store, $"ada {typed}");
                Assert.Equal((typed, "Ada Lovelace"), (typed, Assert.Single(found.Customers).Customer.Name));
            }
        }
    }

    [SkippableFact]
    public async Task The_name_with_most_orders_corrects_a_mistake_that_several_are_away_from()
    {
        var store = await CreateAsync();
        var (once, often, other) = (Customer("Zelda"), Customer("Zelma"), Customer("Zelma Zorn"));
        await ApplyAsync(store, once, often, often, often, other);

        var found = await FindAsync(store, "zelka");
        var one = await FindAsync(store, "zelka", limit: 1);

        Assert.Equal("zelma", found.Corrected);
        Assert.Equal([(often, 3), (other, 1)], found.Customers.Select(item => (item.Customer, item.Orders)));
        Assert.Equal((often, "zelma"), (Assert.Single(one.Customers).Customer, one.Corrected));
    }

    [SkippableFact]
    public async Task A_customer_gets_a_correction_of_their_own_name_only()
    {
        var store = await CreateAsync();
        await ApplyAsync(store, Ada, Anna);
        var scope = CallerScope.Of(Ada.Id);

        var own = await FindAsync(store, "lovelcae", scope: scope);
        var others = await FindAsync(store, "schmdit", scope: scope);
        var nobody = await FindAsync(store, "lovelcae", scope: CallerScope.Of(Guid.CreateVersion7()));

        Assert.Equal((Ada, "lovelace"), (Assert.Single(own.Customers).Customer, own.Corrected));
        Assert.Equal((0, null), (others.Customers.Count, others.Corrected));
        Assert.Equal((0, null), (nobody.Customers.Count, nobody.Corrected));
    }

    [SkippableFact]
    public async Task No_text_is_corrected_while_there_are_no_names()
    {
        var store = await CreateAsync();

        var found = await FindAsync(store, "lovelcae");

        Assert.Equal((0, null), (found.Customers.Count, found.Corrected));
    }

    [SkippableFact]
    public async Task A_store_that_goes_away_during_a_correction_is_said_so_and_never_an_empty_answer()
    {
        var store = await CreateAsync();
        await ApplyAsync(store, Ada);
        var away = store with { NameSearch = new AwayForSimilarWords(store.NameSearch!) };

        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => FindAsync(away, "lovelcae"));
        Assert.Single((await FindAsync(away, "lovelace")).Customers);
    }

    [SkippableFact]
    public async Task The_longest_texts_are_searched_for()
    {
        var store = await CreateAsync();
        await ApplyAsync(store, Ada);
        var words = Enumerable.Range(0, SearchTextParser.MaxTerms)
            .Select(i => new string((char)('a' + (i % 26)), i + 1));
        var similar = "কখগঘ".Select(letter => new string('x', 12) + new string(letter, 12));

        Assert.Empty((await FindAsync(store, string.Join(' ', words)[..SearchTextParser.MaxLength])).Customers);
        Assert.Empty((await FindAsync(store, new string('x', SearchTextParser.MaxLength))).Customers);
        Assert.Empty((await FindAsync(store, string.Join(' ', similar))).Customers); // Thousands of similar words each.
    }

    private async Task<OrderStore> CreateAsync()
    {
        var store = await stores.CreateAsync();
        await store.EmptyNamesAsync();
        return store;
    }

    /// <summary>Writes an order of each, with a product that has a word of its own.</summary>
    private static async Task ApplyAsync(OrderStore store, params OrderCustomer[] customers)
    {
        OrderDocument[] orders = [.. customers.Select(customer => Orders.New(order => order with
        {
            Customer = customer,
            Lines = [Orders.Line("Keyboard")],
        }))];
        await store.ApplyAsync(orders);
        await store.ApplyNamesAsync(orders);
    }

    private static Task<FoundCustomers> FindAsync(
        OrderStore store, string typed, int limit = 10, CallerScope? scope = null) =>
        new CustomerFinder(store.NameSearch!, new(store.Export!)).FindAsync(
            SearchTextParser.Parse(typed, out _), scope ?? CallerScope.Everything, limit, default);

    private static OrderCustomer Customer(string name, string? email = null) =>
        new(Guid.CreateVersion7(), name, email ?? $"{Guid.CreateVersion7():N}@example.com", "DE");

    /// <summary>A store that stops responding between a search and its correction.</summary>
    private sealed class AwayForSimilarWords(INameSearch names) : INameSearch
    {
        public Task<IReadOnlyList<FoundName>> FindAsync(NameQuery query, CancellationToken cancellationToken) =>
            query.Text.Similar.Count > 0
                ? throw new ReadStoreUnavailableException("The store is unavailable.")
                : names.FindAsync(query, cancellationToken);

        public Task<IReadOnlyList<FoundNumber>> FindNumbersAsync(
            string prefix, int limit, CancellationToken cancellationToken) =>
            names.FindNumbersAsync(prefix, limit, cancellationToken);
    }
}
