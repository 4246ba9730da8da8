using System.Net;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Customers;

public sealed class CustomerTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const string Pending = "select count(*) from orders where customer_id = $1 and customer_name <> $2";

    private const string FailedAttempts = """
        select count(*) from customer_changes
        where customer_id = $1 and attempts > 0 and last_error like '%refused by the test%'
        """;

    private const string Events =
        "select count(*) from outbox where type = 'shop.order.customer-changed.v1' and order_id = any ($1)";

    [Fact]
    public async Task A_new_name_is_applied_to_every_order_of_the_customer_with_an_event()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync("Ada Lovelace");
        var orders = await PlaceAsync(api, customer, count: 130);
        await (await api.PutAsync($"/customers/{customer}", Named("Ada King"))).ReadAsync(HttpStatusCode.OK);

        await FollowedAsync(api, customer, "Ada King");
        Assert.Equal(130, await api.QueryAsync<long>(Events, orders));
        var order = await api.GetJsonAsync($"/orders/{orders[0]}");
        Assert.Equal("Ada King", order.GetProperty("customer").GetProperty("name").GetString());
        Assert.Equal(2, order.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_change_that_a_stopped_service_left_unfinished_is_applied_after_the_restart()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        Guid customer;
        await using (var api = await WriteApi.StartAsync(connectionString))
        {
            customer = await api.CustomerAsync("Before");
            await PlaceAsync(api, customer, count: 3);
        }

        await using (var database = NpgsqlDataSource.Create(connectionString))
        await using (var command = database.CreateCommand(
            $"update customers set name = 'After', version = 2; insert into customer_changes values ('{customer}', 2)"))
            await command.ExecuteNonQueryAsync();

        await using var next = await WriteApi.StartAsync(connectionString);
        await FollowedAsync(next, customer, "After");
    }

    [Fact]
    public async Task A_change_that_fails_does_not_block_the_change_of_another_customer()
    {
        var api = await fixture.GetAsync();
        var (failing, other) = (await api.CustomerAsync("Failing"), await api.CustomerAsync("Other"));
        await PlaceAsync(api, failing, count: 1);
        await PlaceAsync(api, other, count: 1);
        await api.ExecuteAsync($"""
            create function refuse_update() returns trigger language plpgsql as
                'begin raise exception ''refused by the test''; end';
            create trigger refuse_update before update on orders for each row
                when (new.customer_id = '{failing}') execute function refuse_update();
            """);
        await (await api.PutAsync($"/customers/{failing}", Named("Failed"))).ReadAsync(HttpStatusCode.OK);
        await Eventually.HoldsAsync(
            async () => await api.QueryAsync<long>(FailedAttempts, failing) == 1, "The failing change was tried");
        await (await api.PutAsync($"/customers/{other}", Named("Another"))).ReadAsync(HttpStatusCode.OK);

        await FollowedAsync(api, other, "Another");
        await api.ExecuteAsync("drop trigger refuse_update on orders; drop function refuse_update");
        await FollowedAsync(api, failing, "Failed");
    }

    [Fact]
    public async Task Orders_that_are_paid_during_a_change_of_the_customer_get_both_changes()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync("Zero");
        var orders = await PlaceAsync(api, customer, count: 20);
        var renames = Enumerable.Range(1, 5).Select(i => api.PutAsync($"/customers/{customer}", Named($"Name {i}")));
        var payments = orders.Select(id => api.PostAsync($"/orders/{id}/pay", Given.Payment));
        var responses = await Task.WhenAll(renames.Concat(payments));
        Assert.All(
            responses,
            response => Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{response}"));
        Assert.Contains(responses.Take(5), response => response.StatusCode == HttpStatusCode.OK);
        var name = (await api.GetJsonAsync($"/customers/{customer}")).GetProperty("name").GetString()!;

        await FollowedAsync(api, customer, name);
        var paid = responses.Skip(5).Count(response => response.StatusCode == HttpStatusCode.OK);
        Assert.InRange(paid, 1, 20);
        Assert.Equal(paid, await api.QueryAsync<long>(
            "select count(*) from orders where customer_id = $1 and status = 'paid'", customer));
    }

    [Fact]
    public async Task Changing_a_customer_to_the_same_data_changes_nothing()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync("Ada");
        var response = await api.PutAsync($"/customers/{customer}", Named("Ada"), ("If-Match", "\"1\""));
        Assert.Equal("\"1\"", response.Headers.ETag?.Tag);
        var stale = await api.PutAsync($"/customers/{customer}", Named("Eda"), ("If-Match", "\"5\""));
        Assert.Equal("request.stale", await stale.ReadCodeAsync(HttpStatusCode.PreconditionFailed));
    }

    private static Task FollowedAsync(WriteApi api, Guid customer, string name) => Eventually.HoldsAsync(
        async () => await api.QueryAsync<long>(Pending, customer, name) == 0, $"All orders have the name {name}");

    private static object Named(string name) => new { name, email = "ada@example.com", country = "GB" };

    private static async Task<Guid[]> PlaceAsync(WriteApi api, Guid customer, int count)
    {
        var responses = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => api.PostAsync("/orders", Given.Order(customer))));
        return await Task.WhenAll(responses.Select(async response =>
            (await response.ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()));
    }
}
