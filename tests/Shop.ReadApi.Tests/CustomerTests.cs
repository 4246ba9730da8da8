using System.Net;
using Shop.Contracts;

namespace Shop.ReadApi.Tests;

public abstract class CustomerTests(ReadApiFixture fixture)
{
    private static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [SkippableFact]
    public async Task A_customer_is_what_their_orders_say_of_them()
    {
        var app = await fixture.GetAsync();
        var customer = new OrderCustomer(Guid.CreateVersion7(), "Old Name", "anna@example.com", "DE");
        var renamed = customer with { Name = "New Name" };
        await app.ApplyAsync(
            Order(renamed, day: 0, updated: 9, paid: new(2_500, "EUR"), refunded: new(500, "EUR")),
            Order(customer, day: 1, updated: 1, paid: new(700, "EUR"), refunded: null),
            Order(customer, day: 2, updated: 2, paid: null, refunded: null),
            Order(customer, day: 3, updated: 3, paid: new(30, "USD"), refunded: null),
            ReadApiApp.Order("of another customer"));

        var found = await app.GetAsync($"/customers/{customer.Id}");

        Assert.Equal(
            $$"""
            {"id":"{{customer.Id}}","name":"New Name","email":"anna@example.com","country":"DE","orders":4,
            "spent":[{"currency":"EUR","amount":2700},{"currency":"USD","amount":30}],
            "firstOrderAt":"2025-03-01T12:00:00+00:00","lastOrderAt":"2025-03-04T12:00:00+00:00"}
            """.ReplaceLineEndings(""),
            found.GetRawText());
    }

    [SkippableFact]
    public async Task The_ETag_of_a_customer_changes_with_their_orders()
    {
        var app = await fixture.GetAsync();
        var customer = new OrderCustomer(Guid.CreateVersion7(), "Anna", "anna@example.com", "DE");
        await app.ApplyAsync(Order(customer, 0, 0, null, null));
        var url = $"/customers/{customer.Id}";
        using var first = await app.Client.GetAsync(url);
        var etag = first.Headers.ETag!.ToString();

        Assert.Equal(HttpStatusCode.NotModified, await GetAsync("If-None-Match", etag));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("If-Match", etag));
        Assert.Equal(HttpStatusCode.BadRequest, await GetAsync("If-Match", "1"));

        await app.ApplyAsync(Order(customer, 1, 1, new(700, "EUR"), null));

        Assert.Equal(HttpStatusCode.OK, await GetAsync("If-None-Match", etag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await GetAsync("If-Match", etag));

        async Task<HttpStatusCode> GetAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await app.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [SkippableFact]
    public async Task Orders_of_a_customer_come_newest_first_in_pages()
    {
        var app = await fixture.GetAsync();
        var customer = new OrderCustomer(Guid.CreateVersion7(), "Anna", "anna@example.com", "DE");
        OrderDocument[] orders = [.. Enumerable.Range(0, 5).Select(day => Order(customer, day, day, null, null))];
        await app.ApplyAsync([.. orders, ReadApiApp.Order("of another customer")]);

        List<Guid> found = [];
        string? cursor = null;
        do
        {
            var page = await app.GetAsync($"/customers/{customer.Id}/orders?size=2&cursor={cursor}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(orders.Reverse().Select(order => order.Id), found);
    }

    [SkippableFact]
    public async Task Customers_are_found_by_name_and_address_and_those_with_most_orders_come_first()
    {
        var app = await fixture.GetAsync();
        var word = $"n{Guid.CreateVersion7():N}"[..20];
        var (often, once) = (Customer($"Đức {word}"), Customer($"{word} Müller"));
        var other = Customer("Somebody else");
        await app.ApplyWithNamesAsync(
            Order(once, 3, 3, null, null),
            Order(often, 0, 0, null, null), Order(often, 1, 1, null, null),
            Order(other, 5, 5, null, null) with { Note = word });

        Assert.Equal([(often.Id, 2L), (once.Id, 1L)], await FindAsync(app, word[..10]));
        Assert.Equal([(once.Id, 1L)], await FindAsync(app, $"mueller {word}"));
        Assert.Equal([(often.Id, 2L)], await FindAsync(app, $"{often.Email}"));
        Assert.Equal([(once.Id, 1L)], await FindAsync(app, $"{word} -duc"));
        Assert.Equal([(often.Id, 2L)], await FindAsync(app, $"{word}&limit=1", isQuery: true));
        Assert.Empty(await FindAsync(app, $"{word} lamp"));
        Assert.Empty(await FindAsync(app, ""));
    }

    [SkippableFact]
    public async Task A_typing_mistake_in_the_name_of_a_customer_is_forgiven_and_said()
    {
        var app = await fixture.GetAsync();
        var word = string.Concat($"{Guid.CreateVersion7():N}"[^12..].Select(c => (char)('a' + (c % 16)))) + "yz";
        var customer = Customer($"Ada {word}");
        await app.ApplyWithNamesAsync(Order(customer, 0, 0, null, null));

        var corrected = await app.GetAsync($"/customers/search?q=ada+{word[..^2]}zy");
        var typed = await app.GetAsync($"/customers/search?q=ada+{word}");
        var address = await app.GetAsync($"/customers/search?q=x{customer.Email}");

        var found = typed.GetProperty("customers").GetRawText();
        Assert.Contains($"{customer.Id}", found, StringComparison.Ordinal);
        Assert.Equal($$"""{"customers":{{found}},"corrected":"ada {{word}}"}""", corrected.GetRawText());
        Assert.Equal($$"""{"customers":{{found}}}""", typed.GetRawText());
        Assert.Equal("""{"customers":[]}""", address.GetRawText());
    }

    [SkippableTheory]
    [InlineData("/customers/x", HttpStatusCode.NotFound)]
    [InlineData("/customers/01890a5d-ac96-774b-bcce-b302099a8057", HttpStatusCode.NotFound)]
    [InlineData("/customers/01890a5d-ac96-774b-bcce-b302099a8057/orders", HttpStatusCode.OK)]
    [InlineData("/customers/01890a5d-ac96-774b-bcce-b302099a8057/orders?size=0", HttpStatusCode.BadRequest)]
    [InlineData("/customers/01890a5d-ac96-774b-bcce-b302099a8057/orders?cursor=AAAA", HttpStatusCode.BadRequest)]
    [InlineData("/customers/search?q=%00", HttpStatusCode.BadRequest)]
    [InlineData("/customers/search?limit=21", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_found_is_said(string url, HttpStatusCode status)
    {
        var app = await fixture.GetAsync();

        Assert.Equal(status, (await app.Client.GetAsync(url)).StatusCode);
    }

    private static async Task<List<(Guid Id, long Orders)>> FindAsync(ReadApiApp app, string text, bool isQuery = false)
    {
        var found = await app.GetAsync($"/customers/search?q={(isQuery ? text : Uri.EscapeDataString(text))}");
        return [.. found.GetProperty("customers").EnumerateArray()
            .Select(item => (item.GetProperty("id").GetGuid(), item.GetProperty("orders").GetInt64()))];
    }

    private static OrderCustomer Customer(string name) =>
        new(Guid.CreateVersion7(), name, $"c{Guid.CreateVersion7():N}@example.com", "DE");

    private static OrderDocument Order(OrderCustomer customer, int day, int updated, Money? paid, Money? refunded) =>
        ReadApiApp.Order("ordered") with
        {
            Customer = customer,
            Paid = paid,
            Refunded = refunded,
            PlacedAt = Start.AddDays(day),
            UpdatedAt = Start.AddDays(updated),
        };
}

public sealed class PostgreSqlCustomerTests(OnPostgreSql app) : CustomerTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchCustomerTests(OnElasticsearch app) : CustomerTests(app), IClassFixture<OnElasticsearch>;
