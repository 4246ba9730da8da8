using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Shop.WriteApi.Tests.Orders;

public sealed class OrderPropertyTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const int Sequences = 60;

    // An order's status, version, amounts, and the versions of its events and outbox rows, in one row.
    private const string Stored = """
        select o.status || '|' || o.version || '|' || o.total || '|' || coalesce(o.paid, 0) || '|'
            || coalesce(o.refunded, 0)
            || '|' || (select sum(quantity * unit_price) from order_lines where order_id = o.id)
            || '|' || coalesce((select sum(amount) from refunds where order_id = o.id), 0)
            || '|' || (select string_agg(version::text, ',' order by version) from order_events where order_id = o.id)
            || '|' || (select string_agg(version::text, ',' order by version) from outbox where order_id = o.id)
        from orders o where o.id = $1
        """;

    private static readonly Gen<int[]> Quantities = Gen.Choose(1, 50).ArrayOf().Where(q => q.Length is >= 1 and <= 5);

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (3, Gen.Constant<Step>(new Step.Pay())),
        (2, Gen.Constant<Step>(new Step.Ship())),
        (2, Gen.Constant<Step>(new Step.Deliver())),
        (1, Gen.Constant<Step>(new Step.Cancel())),
        (2, Gen.Choose(1, 130).Select<int, Step>(percent => new Step.Refund(percent % 4 == 0 ? null : percent))),
        (2, Quantities.Select<int[], Step>(quantities => new Step.ChangeLines(quantities))),
        (1, Gen.Constant<Step>(new Step.ChangeAddress())));

    [Fact]
    public async Task Random_commands_leave_the_state_that_the_model_predicts()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync();
        var price = await api.QueryAsync<long>("select price from products where sku = $1", Given.Sku);
        var sequences = Quantities.Zip(Steps.ListOf()).ToArbitrary();
        var property = Prop.ForAll(
            sequences, sequence => RunAsync(api, customer, price, sequence.Item1, [.. sequence.Item2]));
        await Task.Run(() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(15), property));
    }

    private static async Task RunAsync(WriteApi api, Guid customer, long price, int[] quantities, Step[] steps)
    {
        var model = new OrderModel(quantities, price);
        var body = new { customerId = customer, lines = Lines(quantities), shippingAddress = Given.Address };
        var placed = await (await api.PostAsync("/orders", body)).ReadAsync(HttpStatusCode.Created);
        var id = placed.GetProperty("id").GetGuid();
        foreach (var step in steps)
        {
            var refund = step is Step.Refund asked ? model.RefundOf(asked) : null;
            var expected = model.Apply(step) ? HttpStatusCode.OK : HttpStatusCode.Conflict;
            await (await SendAsync(api, id, step, refund)).ReadAsync(expected);
        }

        var versions = string.Join(',', Enumerable.Range(1, (int)model.Version));
        Assert.Equal(
            $"{model.Status}|{model.Version}|{model.Total}|{model.Paid}|{model.Refunded}|{model.Total}|{model.Refunded}"
            + $"|{versions}|{versions}",
            await api.QueryAsync<string>(Stored, id));
        var last = await api.QueryAsync<string>(
            "select payload::text from outbox where order_id = $1 order by version desc limit 1", id);
        var state = await api.Client.GetStringAsync($"/internal/orders/states?ids={id}");
        Assert.EndsWith($",\"order\":{state.TrimEnd('\n')}}}", last, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SendAsync(WriteApi api, Guid id, Step step, long? refund) => step switch
    {
        Step.Pay => api.PostAsync($"/orders/{id}/pay", Given.Payment),
        Step.Ship => api.PostAsync($"/orders/{id}/ship", Given.Shipment),
        Step.Deliver => api.PostAsync($"/orders/{id}/deliver"),
        Step.Cancel => api.PostAsync($"/orders/{id}/cancel"),
        Step.Refund when refund is null => api.PostAsync($"/orders/{id}/refund"),
        Step.Refund => api.PostAsync(
            $"/orders/{id}/refund", new { amount = new { amount = refund, currency = "EUR" } }),
        Step.ChangeLines change => api.PutAsync($"/orders/{id}/lines", Lines(change.Quantities)),
        _ => api.PutAsync($"/orders/{id}/shipping-address", Given.Address),
    };

    private static object[] Lines(int[] quantities) =>
        [.. quantities.Select(quantity => new { sku = Given.Sku, quantity })];
}
