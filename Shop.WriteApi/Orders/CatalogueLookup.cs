using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Idempotency;
using Shop.WriteApi.Products;

namespace Shop.WriteApi.Orders;

/// <summary>Looks up customers and products for orders, in one round trip each time.</summary>
internal sealed class CatalogueLookup(NpgsqlDataSource database, TimeProvider clock)
{
    /// <exception cref="RefusedException">404: no such customer or product; 422: the key was reused.</exception>
    /// <exception cref="OrderRuleException">The customer was erased.</exception>
    public async Task<FoundForOrder> FindAsync(
        Guid customerId,
        IReadOnlyList<OrderLineRequest> lines,
        IdempotencyKey? key,
        CancellationToken cancellationToken)
    {
        var skus = lines.Select(line => line.Sku!).ToArray();
        await using var batch = database.CreateBatch();
        batch.AddLookup(key, clock.GetNow());
        batch.Add($"""
            select p.sku, p.name, p.category, p.price, p.currency, c.version, c.name, c.email, c.country, c.erased_at
            from customers c left join products p on p.sku = any ({skus})
            where c.id = {customerId}
            """);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (await IdempotencyKeys.ReadAsync(key, row, cancellationToken) is { } stored)
            return new FoundForOrder(null!, 0, [], stored);
        if (!await row.ReadAsync(cancellationToken))
            throw CustomerCodes.IsNotFound(customerId);
        if (!row.IsDBNull(9))
            throw OrderRules.IsErased();
        var customer = new OrderCustomer(customerId, row.GetString(6), row.GetString(7), row.GetString(8));
        var customerVersion = row.GetInt64(5);
        var products = new Dictionary<string, OrderLine>(lines.Count);
        do
            AddProduct(products, row);
        while (await row.ReadAsync(cancellationToken));
        return new FoundForOrder(customer, customerVersion, LinesOf(lines, products), StoredResponse: null);
    }

    /// <exception cref="RefusedException">404: no such product.</exception>
    public async Task<IReadOnlyList<OrderLine>> FindLinesAsync(
        IReadOnlyList<OrderLineRequest> lines, CancellationToken cancellationToken)
    {
        var skus = lines.Select(line => line.Sku!).ToArray();
        await using var batch = database.CreateBatch();
        batch.Add($"select sku, name, category, price, currency from products where sku = any ({skus})");
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var products = new Dictionary<string, OrderLine>(lines.Count);
        while (await row.ReadAsync(cancellationToken))
            AddProduct(products, row);
        return LinesOf(lines, products);
    }

    private static void AddProduct(Dictionary<string, OrderLine> products, NpgsqlDataReader row)
    {
        if (row.IsDBNull(0))
            return;
        var price = new Money(row.GetInt64(3), row.GetString(4));
        products[row.GetString(0)] = new(row.GetString(0), row.GetString(1), row.GetString(2), Quantity: 0, price);
    }

    private static OrderLine[] LinesOf(
        IReadOnlyList<OrderLineRequest> lines, Dictionary<string, OrderLine> products)
    {
        var found = new OrderLine[lines.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (!products.TryGetValue(lines[i].Sku!, out var product))
                throw ProductCodes.IsNotFound(lines[i].Sku!);
            found[i] = product with { Quantity = lines[i].Quantity!.Value };
        }

        return found;
    }
}

/// <param name="Lines">The requested lines at the catalogue's current prices.</param>
/// <param name="StoredResponse">The response to an earlier request with the same key; the rest is then empty.</param>
internal sealed record FoundForOrder(
    OrderCustomer Customer, long CustomerVersion, IReadOnlyList<OrderLine> Lines, JsonResponse? StoredResponse);
