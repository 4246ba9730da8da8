using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Http;
using Shop.WriteApi.Persistence;

namespace Shop.WriteApi.Orders;

/// <summary>What a new order needs of customers and catalogue, in one round trip.</summary>
internal sealed class OrderLookup(NpgsqlDataSource database)
{
    private const string SelectCustomer = "select version, name, email, country from customers where id = $1";

    private const string SelectProducts =
        "select sku, name, category, price, currency from products where sku = any ($1)";

    public async Task<(CustomerState Customer, long CustomerVersion, IReadOnlyList<OrderLineState> Lines)> FindAsync(
        Guid customerId, IReadOnlyList<OrderLineRequest> lines, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Add(SelectCustomer).With(customerId);
        AddProducts(batch, lines);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            throw RefusedException.NotFound(Codes.CustomerNotFound, $"There is no customer {customerId}.");
        var version = row.GetInt64(0);
        var customer = new CustomerState(customerId, row.GetString(1), row.GetString(2), row.GetString(3));
        await row.NextResultAsync(cancellationToken);
        return (customer, version, await ReadLinesAsync(row, lines, cancellationToken));
    }

    public async Task<IReadOnlyList<OrderLineState>> FindLinesAsync(
        IReadOnlyList<OrderLineRequest> lines, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        AddProducts(batch, lines);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadLinesAsync(row, lines, cancellationToken);
    }

    private static void AddProducts(NpgsqlBatch batch, IReadOnlyList<OrderLineRequest> lines) =>
        batch.Add(SelectProducts).With(lines.Select(line => line.Sku!).ToArray());

    private static async Task<OrderLineState[]> ReadLinesAsync(
        NpgsqlDataReader row, IReadOnlyList<OrderLineRequest> lines, CancellationToken cancellationToken)
    {
        var products = new Dictionary<string, OrderLineState>(lines.Count);
        while (await row.ReadAsync(cancellationToken))
        {
            var sku = row.GetString(0);
            var price = new Money(row.GetInt64(3), row.GetString(4));
            products[sku] = new OrderLineState(sku, row.GetString(1), row.GetString(2), Quantity: 0, price);
        }

        var found = new OrderLineState[lines.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (!products.TryGetValue(lines[i].Sku!, out var product))
                throw RefusedException.NotFound(Codes.ProductNotFound, $"There is no product {lines[i].Sku}.");
            found[i] = product with { Quantity = lines[i].Quantity!.Value };
        }

        return found;
    }
}
