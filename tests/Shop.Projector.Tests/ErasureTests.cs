using System.Net;
using System.Text.Json;
using Shop.Testing;

namespace Shop.Projector.Tests;

public sealed class ErasureTests
{
    [SkippableFact]
    public async Task The_event_of_an_erasure_reaches_the_previous_generation_although_a_later_one_replaces_it()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var (order, other, customer) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        shop.Index.Previous[order] = SampleOrder.State(order, 1);
        shop.Index.Previous[other] = SampleOrder.State(other, 1);
        shop.WriteApi.Erased[customer] = [new(order, 2)];
        await shop.PublishAsync(SampleOrder.State(order, 1));
        await shop.IsStoredAsync(order, 1);
        var before = await client.ReadAsync($"/erasures/{customer}");
        Assert.Equal((1, 1), (before.GetProperty("live").GetInt32(), before.GetProperty("previous").GetInt32()));
        Assert.False(before.GetProperty("isErased").GetBoolean());

        await Task.WhenAll(
            shop.PublishAsync(SampleOrder.ErasedEvent(SampleOrder.State(order, 2))),
            shop.PublishAsync(SampleOrder.State(order, 3)));

        await Eventually.GetAsync(
            () => client.ReadAsync($"/erasures/{customer}"),
            erasure => erasure.GetProperty("isErased").GetBoolean(),
            "The read side has no personal data of the customer");
        Assert.Equal([other], shop.Index.Previous.Keys);
    }

    [SkippableFact]
    public async Task An_erasure_is_not_done_while_an_order_has_a_dead_letter_and_can_be_repeated()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var (order, customer) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        shop.WriteApi.Erased[customer] = [new(order, 2)];
        shop.WriteApi.Add(SampleOrder.State(order, 2));
        await shop.PublishAsync(SampleOrder.Message($"{order}", 2, "poison"u8.ToArray()));
        await Eventually.GetAsync(
            () => client.ReadAsync($"/erasures/{customer}"),
            erasure => erasure.GetProperty("deadLetters").GetInt32() == 1,
            "The dead letter is counted");

        using var repeated = await client.PostAsync($"/erasures/{customer}", content: null);

        var erasure = JsonElement.Parse(await repeated.Content.ReadAsStringAsync());
        Assert.True(erasure.GetProperty("isErased").GetBoolean(), $"{erasure}");
        Assert.Equal(2, shop.Index.Documents[order].Version);
        using var unknown = await client.GetAsync($"/erasures/{Guid.CreateVersion7()}");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
