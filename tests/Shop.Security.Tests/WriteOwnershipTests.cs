using System.Net;
using System.Text.Json;
using CsCheck;
using Shop.Testing;

namespace Shop.Security.Tests;

/// <summary>Customers and their commands: nobody changes, replays or learns what is another's.</summary>
[Collection(nameof(SecuredShop))]
public sealed class WriteOwnershipTests(SecuredShop shop)
{
    private static readonly (HttpMethod Method, string Path, object? Body)[] Commands =
    [
        (HttpMethod.Get, "", null),
        (HttpMethod.Head, "", null),
        (HttpMethod.Post, "/pay", new { method = "card", reference = "r" }),
        (HttpMethod.Post, "/cancel", new { reason = "r" }),
        (HttpMethod.Put, "/lines", new[] { new { sku = "KM-1007", quantity = 2 } }),
        (HttpMethod.Put, "/shipping-address", new
        {
            recipient = "r",
            street = "s",
            postalCode = "1",
            city = "c",
            country = "DE",
        }),
    ];

    [Fact]
    public Task Nobody_changes_or_replays_what_is_of_another_customer() =>
        Gen.Select(
            Gen.Int[0, 2], Gen.Int[1, 2], Gen.Int[0, SecuredShop.OrdersEach - 1], Gen.Int[0, Commands.Length - 1])
        .SampleAsync(
            async (caller, distance, order, command) =>
            {
                var (me, other) = (shop.Owners[caller], shop.Owners[(caller + distance) % 3]);
                var (method, path, body) = Commands[command];
                var key = method == HttpMethod.Post ? $"{Guid.CreateVersion7()}" : null;
                var (id, missing) = (other.Orders[order].Id, Guid.CreateVersion7());
                var theirs = await SecuredShop.SendAsync(shop.Write, me.Token, method, $"/orders/{id}{path}", body, key);
                var none = await SecuredShop.SendAsync(shop.Write, me.Token, method, $"/orders/{missing}{path}", body);

                Assert.Equal(HttpStatusCode.NotFound, theirs.Response.StatusCode);
                Assert.Equal(Comparable(none.Text, missing), Comparable(theirs.Text, id));
                var (kept, text) = await SecuredShop.SendAsync(
                    shop.Write, other.Token, HttpMethod.Get, $"/orders/{id}");
                Assert.True(kept.IsSuccessStatusCode);
                Assert.Equal(1, JsonElement.Parse(text).GetProperty("version").GetInt64());
            },
            iter: 60, threads: 4);

    [Fact]
    public async Task A_key_of_somebody_else_replays_nothing()
    {
        var (anna, stranger) = (shop.Owners[0], await shop.RegisterAsync("Stranger", 200));

        // The request with which Anna placed her first order, word for word.
        var (refused, _) = await SecuredShop.SendAsync(
            shop.Write, stranger.Token, HttpMethod.Post, "/orders", SecuredShop.Order(anna, 2), anna.KeyOf(0));
        var (placed, text) = await SecuredShop.SendAsync(
            shop.Write, stranger.Token, HttpMethod.Post, "/orders", SecuredShop.Order(stranger), anna.KeyOf(1));
        var (replayed, _) = await SecuredShop.SendAsync(
            shop.Write, anna.Token, HttpMethod.Post, "/orders", SecuredShop.Order(anna, 2), anna.KeyOf(0));

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        Assert.False(placed.Headers.Contains("Idempotency-Replayed"));
        Assert.DoesNotContain(anna.Orders, order => text.Contains($"{order.Id}", StringComparison.Ordinal));
        Assert.True(replayed.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Placing_for_another_customer_is_like_placing_for_a_missing_one()
    {
        var (anna, bert) = (shop.Owners[0], shop.Owners[1]);
        var nobody = bert with { Id = Guid.CreateVersion7() };

        var theirs = await SecuredShop.SendAsync(
            shop.Write, anna.Token, HttpMethod.Post, "/orders", SecuredShop.Order(bert));
        var none = await SecuredShop.SendAsync(
            shop.Write, anna.Token, HttpMethod.Post, "/orders", SecuredShop.Order(nobody));

        Assert.Equal(HttpStatusCode.NotFound, theirs.Response.StatusCode);
        Assert.Equal(Comparable(none.Text, nobody.Id), Comparable(theirs.Text, bert.Id));
    }

    [Fact]
    public async Task The_timeline_names_actors_to_support_and_not_to_customers()
    {
        var owner = shop.Owners[2];
        var path = $"/orders/{owner.Orders[0].Id}";
        foreach (var api in (HttpClient[])[(await shop.ReadAsync(Store.PostgreSqlWithRedis)).Http, shop.Write])
        {
            var (_, own) = await SecuredShop.SendAsync(api, owner.Token, HttpMethod.Get, path);
            var (_, supports) = await SecuredShop.SendAsync(api, shop.Support, HttpMethod.Get, path);

            Assert.DoesNotContain("\"by\"", own, StringComparison.Ordinal);
            var by = JsonElement.Parse(supports).GetProperty("timeline")[0].GetProperty("by");
            Assert.Equal("customer", by.GetProperty("role").GetString());
            Assert.Equal($"customer-{owner.Id}", by.GetProperty("subject").GetString());
        }
    }

    [Fact]
    public async Task Events_of_an_import_name_the_operator_to_support_and_not_to_the_customer()
    {
        var line = new
        {
            key = $"{Guid.CreateVersion7()}",
            customer = new { name = "Imported", email = "imported@example.com", country = "DE" },
            lines = new[]
            {
                new
                {
                    sku = "OLD-1",
                    name = "Lamp",
                    category = "Lighting",
                    quantity = 1,
                    unitPrice = new { amount = 100, currency = "EUR" },
                },
            },
            shippingAddress = new { recipient = "r", street = "s", postalCode = "10115", city = "c", country = "DE" },
            placedAt = "2024-01-01T00:00:00Z",
            status = "delivered",
        };
        var (_, outcome) = await SecuredShop.SendAsync(
            shop.Write, shop.Token("operator"), HttpMethod.Post, "/orders/import", line);
        var path = $"/orders/{JsonElement.Parse(outcome).GetProperty("id").GetGuid()}";

        var (_, supports) = await SecuredShop.SendAsync(shop.Write, shop.Support, HttpMethod.Get, path);
        var order = JsonElement.Parse(supports);
        var customer = order.GetProperty("customer").GetProperty("id").GetGuid();
        var (_, own) = await SecuredShop.SendAsync(
            shop.Write, shop.Token("customer", customer), HttpMethod.Get, path);

        var actors = order.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("by"));
        Assert.Equal(4, actors.Count());
        Assert.All(actors, by => Assert.Equal("operator", by.GetProperty("role").GetString()));
        Assert.All(actors, by => Assert.Equal("operator-", by.GetProperty("subject").GetString()));
        Assert.Contains("\"timeline\"", own, StringComparison.Ordinal);
        Assert.DoesNotContain("\"by\"", own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orders_name_who_changed_and_who_erased_their_customer()
    {
        var (_, registered) = await SecuredShop.SendAsync(
            shop.Write, shop.Support, HttpMethod.Post, "/customers",
            new { name = "Ada", email = $"{Guid.CreateVersion7():N}@example.com", country = "GB" });
        var customer = JsonElement.Parse(registered).GetProperty("id").GetGuid();
        var token = shop.Token("customer", customer);
        var (_, placed) = await SecuredShop.SendAsync(
            shop.Write, token, HttpMethod.Post, "/orders", SecuredShop.Order(shop.Owners[0] with { Id = customer }));
        var path = $"/orders/{JsonElement.Parse(placed).GetProperty("id").GetGuid()}";

        await SecuredShop.SendAsync(
            shop.Write, token, HttpMethod.Put, $"/customers/{customer}",
            new { name = "Ada King", email = "king@example.com", country = "GB" });
        Assert.Equal($"customer-{customer} as customer", await ActorOfAsync(path, "customer-changed"));
        await SecuredShop.SendAsync(
            shop.Write, shop.Token("operator"), HttpMethod.Post, $"/customers/{customer}/erase");
        Assert.Equal("operator- as operator", await ActorOfAsync(path, "customer-erased"));
    }

    private async Task<string> ActorOfAsync(string path, string entry)
    {
        JsonElement last = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                var (_, order) = await SecuredShop.SendAsync(shop.Write, shop.Support, HttpMethod.Get, path);
                last = JsonElement.Parse(order).GetProperty("timeline").EnumerateArray().Last();
                return last.GetProperty("type").GetString() == entry;
            },
            $"The order's last entry is {entry}");
        var by = last.GetProperty("by");
        return $"{by.GetProperty("subject").GetString()} as {by.GetProperty("role").GetString()}";
    }

    [Fact]
    public async Task A_404_of_the_write_API_takes_as_long_for_an_order_of_another_as_for_a_missing_one()
    {
        var (me, theirs) = (shop.Owners[0], shop.Owners[1].Orders[0].Id);
        await Timing.AssertEqualAsync(
            "an order of another", () => shop.Write.NotFoundAsync(me, $"/orders/{theirs}"),
            "a missing one", () => shop.Write.NotFoundAsync(me, $"/orders/{Guid.CreateVersion7()}"));
    }

    private static string Comparable(string problem, Guid id)
    {
        if (problem.Length == 0)
            return ""; // The answer to HEAD.
        var members = JsonElement.Parse(problem).EnumerateObject().Where(member => member.Name != "traceId");
        return string.Join(',', members.Select(member => $"{member}"))
            .Replace($"{id}", "{id}", StringComparison.Ordinal);
    }
}
