using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Orders;
using Shop.WriteApi.Orders.Storing;
using Shop.WriteApi.Database;
using Shop.WriteApi.Time;

namespace Shop.WriteApi.Import;

/// <summary>Imports a chunk of lines: one round trip to look, one that writes, and all of it or nothing.</summary>
internal sealed class OrderImport(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Attempts = 5;
    private const string OrderKey = "pk_orders";

    // In the order of the ids, so that imports that share customers do not block each other in a circle.
    private const string InsertCustomers = """
        insert into customers (id, version, name, email, country)
        select id, 1, name, email, country
        from unnest($1, $2, $3, $4) as given (id, name, email, country)
        order by id
        on conflict (id) do nothing
        """;

    private const string SelectCustomers =
        "select id, name, email, country, version from customers where id = any ($1)";

    private const string SelectVersions = "select id, version from orders where id = any ($1)";

    /// <returns>One outcome for each line, in their order.</returns>
    public async Task<ImportOutcome[]> ImportAsync(IReadOnlyList<byte[]?> chunk, CancellationToken cancellationToken)
    {
        var now = clock.GetNow();
        var lines = chunk.Select(line => ParsedLine.Of(line, now)).ToArray();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryImportAsync(lines, now, cancellationToken);
            }
            catch (PostgresException exception) when (attempt < Attempts && IsLostRace(exception))
            {
                // Another import had one of the keys, or a customer changed: what is there now decides.
            }
        }
    }

    private async Task<ImportOutcome[]> TryImportAsync(
        ParsedLine[] lines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await PrepareAsync([.. lines.Select(line => line.Order).OfType<ImportLine>()], cancellationToken);
        await using var batch = database.CreateBatch();
        var outcomes = new ImportOutcome[lines.Length];
        for (var i = 0; i < lines.Length; i++)
            outcomes[i] = lines[i].Order is { } line ? Decide(line, known, batch, now) : lines[i].Rejected!;
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
        return outcomes;
    }

    private static ImportOutcome Decide(ImportLine line, Known known, NpgsqlBatch batch, DateTimeOffset now)
    {
        var id = ImportIds.OfOrder(line.Key!);
        if (known.Versions.TryGetValue(id, out var version))
            return ImportOutcome.Exists(line.Key!, id, version);
        try
        {
            var (customer, customerVersion) = known.Customers[ImportIds.OfCustomer(line.Customer!.Email!)];
            var order = Order.Place(id, customer, customerVersion, line.ToDetails(), line.PlacedAt!.Value);
            OrderHistory.Replay(order, line.Status!, line.Key!, now);
            batch.Add(order);
            known.Versions[id] = order.State.Version;
            return ImportOutcome.Created(line.Key!, id, order.State.Version);
        }
        catch (OrderRuleException exception)
        {
            return ImportOutcome.Rejected(line.Key, $"{exception.Code}: {exception.Message}");
        }
    }

    private async Task<Known> PrepareAsync(ImportLine[] lines, CancellationToken cancellationToken)
    {
        var customers = lines
            .Select(line => line.Customer!)
            .DistinctBy(given => ImportIds.OfCustomer(given.Email!))
            .ToArray();
        var ids = customers.Select(given => ImportIds.OfCustomer(given.Email!)).ToArray();
        await using var batch = database.CreateBatch();
        batch.Add(InsertCustomers)
            .With(ids)
            .With(customers.Select(given => given.Name!).ToArray())
            .With(customers.Select(given => given.Email!).ToArray())
            .With(customers.Select(given => given.Country!).ToArray());
        batch.Add(SelectCustomers).With(ids);
        batch.Add(SelectVersions).With(lines.Select(line => ImportIds.OfOrder(line.Key!)).ToArray());

        var known = new Known([], []);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var customer = new OrderCustomer(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3));
            known.Customers.Add(customer.Id, (customer, row.GetInt64(4)));
        }

        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            known.Versions.Add(row.GetGuid(0), row.GetInt64(1));
        return known;
    }

    private static bool IsLostRace(PostgresException exception) =>
        OrderStore.IsLostRace(exception) || DatabaseErrors.Violates(exception, OrderKey);

    private sealed record Known(
        Dictionary<Guid, (OrderCustomer Customer, long Version)> Customers, Dictionary<Guid, long> Versions);
}
