using System.Net;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Customers;

public sealed class CustomerTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const string Pending = "select count(*) from orders where customer_id = $1 and customer_name <> $2";

    private const string Events =
        "select count(*) from outbox where type = 'shop.order.customer-changed.v1' and order_id = any ($1)";

    [SkippableFact]
    public async Task A_new_name_reaches_each_of_the_customers_orders_with_an_event()
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

    [SkippableFact]
    public async Task A_change_that_a_stopped_service_left_is_finished_by_the_next()
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

    [SkippableFact]
    public async Task Orders_that_change_meanwhile_lose_neither_change()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync("Zero");
        var orders = await PlaceAsync(api, customer, count: 20);
        var renames = Enumerable.Range(1, 5).Select(i => api.PutAsync($"/customers/{customer}", Named($"Name {i}")));
        var payments = orders.Select(id => api.PostAsync($"/orders/{id}/pay", Given.Payment));
        var answers = await Task.WhenAll(renames.Concat(payments));
        Assert.All(answers, answer => Assert.InRange((int)answer.StatusCode, 200, 409));
        var name = (await api.GetJsonAsync($"/customers/{customer}")).GetProperty("name").GetString()!;

        await FollowedAsync(api, customer, name);
        var paid = answers.Skip(5).Count(answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(paid, await api.QueryAsync<long>(
            "select count(*) from orders where customer_id = $1 and status = 'paid'", customer));
    }

    [SkippableFact]
    public async Task The_same_data_again_changes_nothing()
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
        var answers = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => api.PostAsync("/orders", Given.Order(customer))));
        return await Task.WhenAll(answers.Select(async answer =>
            (await answer.ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()));
    }
}
