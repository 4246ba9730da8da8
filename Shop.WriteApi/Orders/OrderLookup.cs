using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Http;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Orders;

/// <summary>
/// What a new order needs of customers and catalogue: from memory, else in one round trip. What is remembered may be
/// out of date; the order's own insert sees to that, and the next attempt asks the database.
/// </summary>
internal sealed class OrderLookup(NpgsqlDataSource database) : IDisposable
{
    private const int MostRemembered = 20_000;

    private const string SelectCustomer = "select version, name, email, country from customers where id = $1";

    private const string SelectProducts =
        "select sku, name, category, price, currency from products where sku = any ($1)";

    // Customers by id and products by SKU.
    private readonly MemoryCache _memory = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    public void Dispose() => _memory.Dispose();

    public async Task<OrderBasis> FindAsync(
        Guid customerId, IReadOnlyList<OrderLineRequest> lines, bool mayRecall, CancellationToken cancellationToken)
    {
        if (mayRecall && TryRecall(customerId, lines, out var known))
            return known;

        await using var batch = database.CreateBatch();
        batch.Add(SelectCustomer).With(customerId);
        AddProducts(batch, lines);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            throw RefusedException.NotFound(Codes.CustomerNotFound, $"There is no customer {customerId}.");
        var customer = new KnownCustomer(
            new OrderCustomer(customerId, row.GetString(1), row.GetString(2), row.GetString(3)), row.GetInt64(0));
        Remember(customerId, customer);
        await row.NextResultAsync(cancellationToken);
        return new OrderBasis(customer.State, customer.Version, await ReadLinesAsync(row, lines, cancellationToken));
    }

    public async Task<IReadOnlyList<OrderLine>> FindLinesAsync(
        IReadOnlyList<OrderLineRequest> lines, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        AddProducts(batch, lines);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadLinesAsync(row, lines, cancellationToken);
    }

    private bool TryRecall(
        Guid customerId, IReadOnlyList<OrderLineRequest> lines, [NotNullWhen(true)] out OrderBasis? known)
    {
        known = null;
        if (!_memory.TryGetValue(customerId, out KnownCustomer? customer))
            return false;
        var found = new OrderLine[lines.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (!_memory.TryGetValue(lines[i].Sku!, out OrderLine? product))
                return false;
            found[i] = product! with { Quantity = lines[i].Quantity!.Value };
        }

        known = new OrderBasis(customer!.State, customer.Version, found);
        return true;
    }

    private void Remember<TItem>(object key, TItem item) =>
        _memory.Set(key, item, new MemoryCacheEntryOptions { Size = 1 });

    private static void AddProducts(NpgsqlBatch batch, IReadOnlyList<OrderLineRequest> lines) =>
        batch.Add(SelectProducts).With(lines.Select(line => line.Sku!).ToArray());

    private async Task<OrderLine[]> ReadLinesAsync(
        NpgsqlDataReader row, IReadOnlyList<OrderLineRequest> lines, CancellationToken cancellationToken)
    {
        var products = new Dictionary<string, OrderLine>(lines.Count);
        while (await row.ReadAsync(cancellationToken))
        {
            var sku = row.GetString(0);
            var price = new Money(row.GetInt64(3), row.GetString(4));
            products[sku] = new OrderLine(sku, row.GetString(1), row.GetString(2), Quantity: 0, price);
            Remember(sku, products[sku]);
        }

        var found = new OrderLine[lines.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (!products.TryGetValue(lines[i].Sku!, out var product))
                throw RefusedException.NotFound(Codes.ProductNotFound, $"There is no product {lines[i].Sku}.");
            found[i] = product with { Quantity = lines[i].Quantity!.Value };
        }

        return found;
    }

    private sealed record KnownCustomer(OrderCustomer State, long Version);
}

/// <summary>The customer at a version, and the lines at the catalogue's prices.</summary>
internal sealed record OrderBasis(OrderCustomer Customer, long CustomerVersion, IReadOnlyList<OrderLine> Lines);
