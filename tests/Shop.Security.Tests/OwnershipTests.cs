using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CsCheck;

namespace Shop.Security.Tests;

/// <summary>Customers and whatever they ask for: nobody sees or changes what is another's.</summary>
public sealed class OwnershipTests(SecuredShop shop) : IClassFixture<SecuredShop>
{
    private static readonly string[] Routes =
    [
        "/orders/search?", "/orders/suggest?", "/orders/statistics?", "/orders/export?", "/customers/search?",
        "/orders/{order}?", "/customers/{customer}?", "/customers/{customer}/orders?",
    ];

    private static readonly string[] Parameters =
    [
        "", "q={name}", "q={number}", "q=secret", "customerId={customer}", "facets=status,customer,sku,day,country",
        "sort=newest", "sort=total", "size=2", "waitFor={order}:1", "waitFor={order}:1&waitTimeoutMs=20", "highlight=true",
        "status=placed", "country=DE",
    ];

    private static readonly (HttpMethod Method, string Path, object? Body)[] Commands =
    [
        (HttpMethod.Get, "", null),
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
    public Task Nobody_reads_what_is_of_another_customer() =>
        Gen.Select(
            Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, SecuredShop.OrdersEach - 1], Gen.Int[0, Routes.Length - 1],
            Gen.Int[0, Parameters.Length - 1].Array[0, 4])
        .SampleAsync(
            async (caller, target, order, route, parameters) =>
            {
                var (me, other) = (shop.Owners[caller], shop.Owners[target]);
                var path = Fill(Routes[route] + string.Join('&', parameters.Select(i => Parameters[i])), other, order);
                for (var pages = 0; pages < 3; pages++)
                {
                    var (response, text) = await SecuredShop.SendAsync(shop.Read, me.Token, HttpMethod.Get, path);
                    Assert.True((int)response.StatusCode < 500 || path.Contains("waitFor", StringComparison.Ordinal), text);
                    AssertOwn(me, path, text);
                    if (NextOf(text) is not { } cursor || path.Contains("cursor=", StringComparison.Ordinal))
                        return;
                    var next = $"{path}&cursor={cursor}";
                    var stranger = shop.Owners[(caller + 1) % 3];
                    var (refused, _) = await SecuredShop.SendAsync(shop.Read, stranger.Token, HttpMethod.Get, next);
                    Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
                    path = next;
                }
            },
            iter: 300, threads: 4);

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
        var (anna, bert) = (shop.Owners[0], shop.Owners[1]);
        var key = $"{Guid.CreateVersion7()}";
        var (_, first) = await SecuredShop.SendAsync(
            shop.Write, anna.Token, HttpMethod.Post, "/orders", SecuredShop.Order(anna), key);

        var (response, second) = await SecuredShop.SendAsync(
            shop.Write, bert.Token, HttpMethod.Post, "/orders", SecuredShop.Order(bert), key);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.False(response.Headers.Contains("Idempotency-Replayed"));
        Assert.NotEqual(
            JsonElement.Parse(first).GetProperty("id").GetGuid(), JsonElement.Parse(second).GetProperty("id").GetGuid());
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
        foreach (var api in (HttpClient[])[shop.Read, shop.Write])
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
    public async Task A_404_takes_as_long_for_an_order_of_another_as_for_a_missing_one()
    {
        const int Samples = 300;
        var (me, other) = (shop.Owners[0], shop.Owners[1]);
        foreach (var api in (HttpClient[])[shop.Read, shop.Write])
        {
            var (theirs, none) = (new List<double>(), new List<double>());
            for (var i = 0; i < Samples; i++)
            {
                theirs.Add(await TimeAsync(api, other.Orders[i % SecuredShop.OrdersEach].Id));
                none.Add(await TimeAsync(api, Guid.CreateVersion7()));
            }

            var (median, missing) = (Quantile(theirs, 0.5), Quantile(none, 0.5));
            var noise = Quantile(none, 0.75) - Quantile(none, 0.25);
            Assert.True(
                Math.Abs(median - missing) <= Math.Max(noise, missing / 10),
                $"{median:F3} ms for another's order, {missing:F3} ms for a missing one; the noise is {noise:F3} ms.");
        }

        async Task<double> TimeAsync(HttpClient api, Guid id)
        {
            var start = Stopwatch.GetTimestamp();
            var (response, _) = await SecuredShop.SendAsync(api, me.Token, HttpMethod.Get, $"/orders/{id}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static double Quantile(List<double> values, double share) =>
        values.Order().ElementAt((int)(share * (values.Count - 1)));

    private static string Fill(string path, Owner owner, int order) => path
        .Replace("{order}", $"{owner.Orders[order].Id}", StringComparison.Ordinal)
        .Replace("{number}", owner.Orders[order].Number, StringComparison.Ordinal)
        .Replace("{customer}", $"{owner.Id}", StringComparison.Ordinal)
        .Replace("{name}", owner.Name, StringComparison.Ordinal);

    // A refusal may repeat what was asked for, and nothing else.
    private void AssertOwn(Owner me, string path, string text)
    {
        foreach (var secret in shop.Owners.Where(owner => owner != me).SelectMany(owner => owner.Secrets))
        {
            if (!path.Contains(secret, StringComparison.Ordinal))
                Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        if (!text.StartsWith('{') || !path.StartsWith("/orders/s", StringComparison.Ordinal))
            return;
        var body = JsonElement.Parse(text);
        if (body.TryGetProperty("count", out var count))
            Assert.InRange(count.GetInt64(), 0, SecuredShop.OrdersEach);
        if (body.TryGetProperty("total", out var total))
            Assert.InRange(total.GetProperty("value").GetInt64(), 0, SecuredShop.OrdersEach);
        if (body.TryGetProperty("facets", out var facets))
        {
            Assert.All(
                facets.EnumerateObject().SelectMany(facet => facet.Value.EnumerateArray()),
                value => Assert.InRange(value.GetProperty("count").GetInt64(), 1, SecuredShop.OrdersEach));
        }
    }

    private static string? NextOf(string text) =>
        text.StartsWith("{\"items\"", StringComparison.Ordinal)
            ? JsonElement.Parse(text).GetProperty("nextCursor").GetString()
            : null;

    private static string Comparable(string problem, Guid id)
    {
        var members = JsonElement.Parse(problem).EnumerateObject().Where(member => member.Name != "traceId");
        return string.Join(',', members.Select(member => $"{member}"))
            .Replace($"{id}", "{id}", StringComparison.Ordinal);
    }
}
