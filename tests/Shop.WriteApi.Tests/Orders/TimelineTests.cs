using System.Net;

namespace Shop.WriteApi.Tests.Orders;

public sealed class TimelineTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Fact]
    public async Task A_timeline_has_at_most_a_hundred_entries_the_first_and_the_newest()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        for (var version = 2; version <= 120; version++)
            await (await api.PutAsync($"/orders/{id}/shipping-address", Given.Address)).ReadAsync(HttpStatusCode.OK);

        var order = await api.GetJsonAsync($"/orders/{id}");
        var versions = order.GetProperty("timeline").EnumerateArray()
            .Select(entry => entry.GetProperty("version").GetInt32());
        Assert.Equal([1, .. Enumerable.Range(22, 99)], versions);
        var document = await api.Client.GetStringAsync($"/orders/{id}");
        var lastEvent = await api.QueryAsync<string>(
            "select payload::text from outbox where order_id = $1 order by version desc limit 1", id);
        Assert.EndsWith($",\"order\":{document}}}", lastEvent, StringComparison.Ordinal);
        Assert.Equal(120, await api.QueryAsync<long>("select count(*) from order_events where order_id = $1", id));
    }
}
