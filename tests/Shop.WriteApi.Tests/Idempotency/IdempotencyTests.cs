using System.Net;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Tests.Idempotency;

public sealed class IdempotencyTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Fact]
    public async Task The_same_key_and_body_replay_the_stored_response()
    {
        var api = await fixture.GetAsync();
        var body = Given.Order(await api.CustomerAsync());
        var key = NewKey();
        var first = await api.PostAsync("/orders", body, key);
        var again = await api.PostAsync("/orders", body, key);

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_same_key_with_another_body_or_path_is_422()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync();
        var key = NewKey();
        await api.PostAsync("/orders", Given.Order(customer), key);
        var body = await api.PostAsync("/orders", Given.Order(customer, quantity: 9), key);
        var path = await api.PostAsync($"/orders/{await api.OrderAsync()}/pay", Given.Payment, key);
        Assert.Equal("idempotency-key.reused", await body.ReadCodeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("idempotency-key.reused", await path.ReadCodeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Concurrent_requests_with_one_key_place_one_order()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync("Only one");
        var key = NewKey();
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => api.PostAsync("/orders", Given.Order(customer), key)));

        var bodies = await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.Single(bodies.Distinct());
        Assert.Equal(19, responses.Count(response => response.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, await api.QueryAsync<long>("select count(*) from orders where customer_id = $1", customer));
    }

    [Fact]
    public async Task A_retry_of_a_transition_is_replayed_although_the_rule_would_refuse_it_now()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        var key = NewKey();
        var first = await api.PostAsync($"/orders/{id}/pay", Given.Payment, key, ("If-Match", "\"1\""));
        var again = await api.PostAsync($"/orders/{id}/pay", Given.Payment, key, ("If-Match", "\"1\""));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(2, (await api.GetJsonAsync($"/orders/{id}")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Concurrent_partial_refunds_with_one_key_refund_once()
    {
        var api = await fixture.GetAsync();
        var id = await api.PaidOrderAsync();
        var key = NewKey();
        var refund = new { amount = new { amount = 100, currency = "EUR" } };
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => api.PostAsync($"/orders/{id}/refund", refund, key)));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        var order = await api.GetJsonAsync($"/orders/{id}");
        Assert.Equal(100, order.GetProperty("refunded").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task A_refusal_is_replayed()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        var key = NewKey();
        var first = await api.PostAsync($"/orders/{id}/ship", Given.Shipment, key);
        await api.PostAsync($"/orders/{id}/pay", Given.Payment);
        var again = await api.PostAsync($"/orders/{id}/ship", Given.Shipment, key);
        Assert.Equal("order.not-paid", await again.ReadCodeAsync(HttpStatusCode.Conflict));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_expired_key_can_be_used_again()
    {
        var api = await fixture.GetAsync();
        var body = new { name = "Ada", email = "ada@example.com", country = "GB" };
        var key = NewKey();
        var first = await (await api.PostAsync("/customers", body, key)).ReadAsync(HttpStatusCode.Created);
        await using var command = api.Database.CreateCommand(
            "update idempotency_keys set created_at = created_at - interval '25 hours' where key = $1");
        command.Parameters.AddWithValue(IdempotencyKey.Of("developer", key.Value));
        await command.ExecuteNonQueryAsync();
        var again = await (await api.PostAsync("/customers", body, key)).ReadAsync(HttpStatusCode.Created);
        Assert.NotEqual(first.GetProperty("id").GetGuid(), again.GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("too-long")]
    public async Task An_invalid_key_is_refused_with_400(string key)
    {
        var api = await fixture.GetAsync();
        var given = key == "too-long" ? new string('k', 256) : key;
        var body = new { name = "Ada", email = "ada@example.com", country = "GB" };
        var response = await api.PostAsync("/customers", body, (IdempotencyKey.Header, given));
        Assert.Equal("request.invalid", await response.ReadCodeAsync(HttpStatusCode.BadRequest));
    }

    private static (string Name, string Value) NewKey() =>
        (IdempotencyKey.Header, $"key-{Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}");
}
