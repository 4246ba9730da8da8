using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Shop.Contracts;

namespace Shop.Security.Tests;

/// <summary>Customers and whatever they ask the read API for, on every store: nobody sees what is another's.</summary>
[Collection(nameof(SecuredShop))]
public sealed partial class ReadOwnershipTests(SecuredShop shop)
{
    private const string Live = "/orders/live?";

    private static readonly string[] Routes =
    [
        "/orders/search?", "/orders/suggest?", "/orders/statistics?", "/orders/export?", Live, "/customers/search?",
        "/orders/{order}?", "/customers/{customer}?", "/customers/{customer}/orders?",
    ];

    private static readonly string[] Parameters =
    [
        "q={name}", "q={misspelt}", "q={number}", "q=secret", "customerId={customer}",
        "facets=status,customer,sku,day,country,total", "sort=newest", "sort=total", "size=2", "limit=20", "format=csv",
        "waitFor={order}:1", "waitFor={order}:1&waitTimeoutMs=20", "highlight=true", "status=placed", "country=DE",
        "totalFrom={total}&totalTo={total}", "sku=KM-1007", "placedFrom=2020-01-01", "timeZone=Europe/Berlin",
    ];

    [SkippableTheory]
    [InlineData(Store.PostgreSqlWithRedis)]
    [InlineData(Store.Elasticsearch)]
    public async Task Nobody_reads_what_is_of_another_customer(Store store)
    {
        var read = await shop.ReadAsync(store);
        await Gen.Select(
            Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, SecuredShop.OrdersEach - 1], Gen.Int[0, Routes.Length - 1],
            Gen.Int[0, Parameters.Length - 1].Array[0, 4])
        .SampleAsync(
            async (caller, target, order, route, parameters) =>
            {
                var (me, stranger) = (shop.Owners[caller], shop.Owners[(caller + 1) % 3]);
                var path = Fill(
                    Routes[route] + string.Join('&', parameters.Select(i => Parameters[i])), shop.Owners[target], order);
                var reply = await GetAsync(read, me, path);
                AssertOwn(me, path, reply);
                for (var next = reply; next.Cursor is { } cursor;)
                {
                    var page = $"{path}&cursor={cursor}";
                    Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(read, stranger, page)).Status);
                    next = await GetAsync(read, me, page);
                    AssertOwn(me, page, next);
                }
            },
            iter: 200, threads: 4);
    }

    [SkippableTheory]
    [InlineData(Store.PostgreSqlWithRedis)]
    [InlineData(Store.Elasticsearch)]
    public async Task A_mistake_is_corrected_only_to_what_the_caller_may_see(Store store)
    {
        var (read, me, other) = (await shop.ReadAsync(store), shop.Owners[0], shop.Owners[1]);
        foreach (var route in (string[])["/orders/search", "/customers/search"])
        {
            Assert.Equal(me.Name.ToLowerInvariant(), await CorrectedAsync(me.Token, route, Misspelt(me)));
            Assert.Null(await CorrectedAsync(me.Token, route, Misspelt(other)));
            Assert.Equal(other.Name.ToLowerInvariant(), await CorrectedAsync(shop.Support, route, Misspelt(other)));
        }

        async Task<string?> CorrectedAsync(string token, string route, string text)
        {
            var (_, body) = await SecuredShop.SendAsync(read.Http, token, HttpMethod.Get, $"{route}?q={text}");
            return JsonElement.Parse(body).TryGetProperty("corrected", out var corrected) ? corrected.GetString() : null;
        }
    }

    [SkippableTheory]
    [InlineData(Store.PostgreSqlWithRedis)]
    [InlineData(Store.Elasticsearch)]
    public async Task A_live_stream_neither_names_nor_counts_orders_of_others(Store store)
    {
        var read = await shop.ReadAsync(store);
        var anna = shop.Owners[0];
        var mine = await DocumentAsync(read, anna.Orders[0].Id);
        // More than a read of the store returns, so that it ends at an order of somebody else.
        var theirs = Enumerable.Range(0, 450).Select(_ => Stranger(mine)).ToList();
        using var live = await LiveReader.OpenAsync(read.Http, anna.Token, Live);
        await live.ReadToAsync("heartbeat");

        await read.ApplyAsync([.. theirs[..250].Select(SerializedOrder.From)]);
        await read.ApplyAsync([SerializedOrder.From(mine with { Version = mine.Version + 1 })]);
        await read.ApplyAsync([.. theirs[250..].Select(SerializedOrder.From)]);
        await live.ReadToAsync("order");
        using var resumed = await LiveReader.OpenAsync(read.Http, anna.Token, Live, read.Beginning);
        await resumed.ReadToAsync("heartbeat");

        foreach (var text in (string[])[live.Text, resumed.Text])
        {
            Assert.Contains($"{mine.Id}", text, StringComparison.Ordinal);
            Assert.DoesNotContain("event: reset", text, StringComparison.Ordinal);
            AssertOwn(anna, Live, new(HttpStatusCode.OK, text, ""));
            Assert.DoesNotContain(theirs, order => text.Contains($"{order.Id}", StringComparison.Ordinal));
            Assert.DoesNotContain(theirs, order => text.Contains($"{order.Id:N}", StringComparison.Ordinal));
        }

        // The store's own positions have such signs. They count everybody's changes.
        Assert.All(LiveReader.IdsIn(live.Text + resumed.Text), id => Assert.DoesNotMatch("[.!]", id));
    }

    [SkippableTheory]
    [InlineData(Store.PostgreSqlWithRedis)]
    [InlineData(Store.Elasticsearch)]
    public async Task A_404_of_the_read_API_takes_as_long_for_another_customer_as_for_a_missing_one(Store store)
    {
        var (read, me, other) = (await shop.ReadAsync(store), shop.Owners[0], shop.Owners[1]);
        foreach (var (path, theirs) in (List<(string, Guid)>)
            [("/orders", other.Orders[0].Id), ("/orders", other.Orders[1].Id), ("/customers", other.Id)])
        {
            await Timing.AssertEqualAsync(
                $"{path} of another", () => read.Http.NotFoundAsync(me, $"{path}/{theirs}"),
                $"{path} that is missing", () => read.Http.NotFoundAsync(me, $"{path}/{Guid.CreateVersion7()}"));
        }
    }

    private static OrderDocument Stranger(OrderDocument order)
    {
        var id = Guid.CreateVersion7();
        return order with { Id = id, Number = $"{id:N}", Customer = new(id, "Stranger", "s@example.com", "DE") };
    }

    private async Task<OrderDocument> DocumentAsync(ReadSide read, Guid id)
    {
        var (_, text) = await SecuredShop.SendAsync(read.Http, shop.Support, HttpMethod.Get, $"/orders/{id}");
        return JsonSerializer.Deserialize(text, ContractsJson.Default.OrderDocument)!;
    }

    private static async Task<Reply> GetAsync(ReadSide read, Owner caller, string path)
    {
        if (path.StartsWith(Live, StringComparison.Ordinal))
        {
            using var live = await LiveReader.OpenAsync(read.Http, caller.Token, path, read.Beginning);
            await live.ReadToAsync("heartbeat");
            return new(live.Status, live.Text, "");
        }

        var (response, body) = await SecuredShop.SendAsync(read.Http, caller.Token, HttpMethod.Get, path);
        return new(response.StatusCode, body, $"{response.Headers}");
    }

    private static string Fill(string path, Owner owner, int order) => path
        .Replace("{order}", $"{owner.Orders[order].Id}", StringComparison.Ordinal)
        .Replace("{number}", owner.Orders[order].Number, StringComparison.Ordinal)
        .Replace("{total}", owner.Orders[order].Total.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{misspelt}", Misspelt(owner), StringComparison.Ordinal)
        .Replace("{customer}", $"{owner.Id}", StringComparison.Ordinal)
        .Replace("{name}", owner.Name, StringComparison.Ordinal);

    /// <summary>A letter is missing, so that the whole name is not found by it as a beginning.</summary>
    private static string Misspelt(Owner owner) => owner.Name.Remove(3, 1);

    // A refusal may repeat what was asked for, and nothing else.
    private void AssertOwn(Owner me, string path, Reply reply)
    {
        var (text, others) = (reply.Body + reply.Headers, shop.Owners.Where(owner => owner != me).ToList());
        Assert.True((int)reply.Status < 500 || path.Contains("waitFor", StringComparison.Ordinal), text);
        foreach (var secret in others.SelectMany(owner => owner.Secrets))
        {
            if (!path.Contains(secret, StringComparison.Ordinal))
                Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase); // A correction is in lower case.
        }

        var totals = others.SelectMany(owner => owner.Orders).Select(order => order.Total);
        Assert.Empty(Amount().Matches(text).Select(Number).Intersect(totals));
        Assert.DoesNotContain(Count().Matches(text).Select(Number), count => count > SecuredShop.OrdersEach);
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("\"amount\":([0-9]+)")]
    private static partial Regex Amount();

    [GeneratedRegex("\"(?:count|value|orders)\":([0-9]+)")]
    private static partial Regex Count();

    private sealed record Reply(HttpStatusCode Status, string Body, string Headers)
    {
        public string? Cursor => Body.StartsWith("{\"items\"", StringComparison.Ordinal)
            ? JsonElement.Parse(Body).GetProperty("nextCursor").GetString()
            : null;
    }
}
