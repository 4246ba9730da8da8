using System.Net;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Database;

/// <summary>The database refuses invalid rows, whoever writes them.</summary>
public sealed class ConstraintTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Theory]
    [InlineData("update orders set status = 'lost', paid = total where id = $1", "ck_orders_status")]
    [InlineData("update orders set total = -1 where id = $1", "ck_orders_total")]
    [InlineData("update orders set status = 'paid' where id = $1", "ck_orders_paid")]
    [InlineData("update orders set paid = 1 where id = $1", "ck_orders_paid")]
    [InlineData("update orders set refunded = 1 where id = $1", "ck_orders_refunded")]
    [InlineData("update orders set version = 0 where id = $1", "ck_orders_version")]
    [InlineData("update orders set currency = 'eur' where id = $1", "ck_orders_currency")]
    [InlineData("update orders set updated_at = placed_at - interval '1 s' where id = $1", "ck_orders_times")]
    [InlineData("update order_lines set quantity = 0 where order_id = $1", "ck_order_lines_quantity")]
    [InlineData("update order_lines set unit_price = -1 where order_id = $1", "ck_order_lines_unit_price")]
    [InlineData("update orders set customer_id = gen_random_uuid() where id = $1", "fk_orders_customers_customer_id")]
    [InlineData("delete from orders where id = $1", "fk_order_lines_orders_order_id")]
    [InlineData("insert into payments values ($1, -1, 'EUR', 'card', '1', now())", "ck_payments_amount")]
    [InlineData("insert into refunds values ($1, 9, 1, 'EUR', null, now())", "fk_refunds_payments_order_id")]
    [InlineData("insert into order_events values ($1, 1, 'placed', now())", "pk_order_events")]
    public async Task Invalid_rows_violate_a_constraint(string sql, string constraint)
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        await using var command = api.Database.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Fact]
    public async Task An_order_number_is_unique()
    {
        var api = await fixture.GetAsync();
        var (one, other) = (await api.OrderAsync(), await api.OrderAsync());
        await using var command = api.Database.CreateCommand(
            "update orders set number = (select number from orders where id = $1) where id = $2");
        command.Parameters.AddWithValue(one);
        command.Parameters.AddWithValue(other);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal("ix_orders_number", refused.ConstraintName);
    }

    [Fact]
    public async Task An_order_that_races_with_a_change_of_its_customer_gets_the_new_data()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync("Before");
        await using var connection = await api.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var change = new NpgsqlCommand(
            "update customers set name = 'After', version = version + 1 where id = $1", connection);
        change.Parameters.AddWithValue(customer);
        await change.ExecuteNonQueryAsync();
        var placing = api.PostAsync("/orders", Given.Order(customer));
        const string waiting = "select count(*) from pg_stat_activity "
            + "where datname = current_database() and wait_event_type = 'Lock'";
        await Eventually.HoldsAsync(
            async () => await api.QueryAsync<long>(waiting) > 0,
            "The order waits for the customer's change");
        await transaction.CommitAsync();

        var id = (await (await placing).ReadAsync(HttpStatusCode.Created)).GetProperty("id");
        var order = await api.GetJsonAsync($"/orders/{id}");
        Assert.Equal("After", order.GetProperty("customer").GetProperty("name").GetString());
    }
}
