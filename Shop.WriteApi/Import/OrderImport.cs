using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using Shop.Contracts;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Import;

/// <summary>Imports a chunk of lines in one transaction: one round trip each to look up, write and commit.</summary>
internal sealed class OrderImport(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Attempts = 5;

    /// <returns>One outcome for each line, in the order of the lines.</returns>
    public async Task<ImportOutcome[]> ImportAsync(IReadOnlyList<byte[]?> chunk, CancellationToken cancellationToken)
    {
        var request = Activity.Current?.Context ?? default;
        // Each order gets a trace of its own. The statements of all the chunks would flood the request's trace.
        using var untraced = SuppressInstrumentationScope.Begin();
        var now = clock.GetNow();
        var lines = chunk.Select(line => ParsedLine.Of(line, now)).ToArray();
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await TryImportAsync(lines, request, now, cancellationToken) is { } outcomes)
                return outcomes;
        }

        throw OrderRules.IsBusy();
    }

    /// <returns>Null if another import was faster with one of the keys. Nothing is written then.</returns>
    private async Task<ImportOutcome[]?> TryImportAsync(
        ParsedLine[] lines, ActivityContext request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var known = await LookUpAsync(
                connection, [.. lines.Select(line => line.Order).OfType<ImportLine>()], cancellationToken);
            var orders = new List<Order>();
            var outcomes = lines.Select(line => line.Order is { } order
                ? Decide(order, known, orders, now)
                : line.Rejected!).ToArray();
            if (orders.Count > 0 && !await TrySaveAsync(connection, orders, request, cancellationToken))
                return null;
            await transaction.CommitAsync(cancellationToken);
            return outcomes;
        }
        catch (PostgresException exception) when (DatabaseErrors.IsRace(exception))
        {
            return null;
        }
    }

    private static ImportOutcome Decide(ImportLine line, Known known, List<Order> orders, DateTimeOffset now)
    {
        var id = ImportIds.OfOrder(line.Key!);
        if (known.Versions.TryGetValue(id, out var version))
            return ImportOutcome.Exists(line.Key!, id, version);
        try
        {
            var (customer, customerVersion) = known.Customers[ImportIds.OfCustomer(line.Customer!.Email!)];
            var order = Order.Place(id, customer, customerVersion, line.ToDetails(), line.PlacedAt!.Value);
            OrderHistory.Replay(order, line.Status!, line.Key!, now);
            orders.Add(order);
            known.Versions[id] = order.Document.Version;
            return ImportOutcome.Created(line.Key!, id, order.Document.Version);
        }
        catch (OrderRuleException exception)
        {
            return ImportOutcome.Rejected(line.Key, $"{exception.Code}: {exception.Message}");
        }
    }

    // In the order of the ids, so that imports of the same orders or customers do not deadlock.
    private async Task<bool> TrySaveAsync(
        NpgsqlConnection connection, List<Order> orders, ActivityContext request, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        foreach (var order in orders.OrderBy(order => order.Document.Id))
        {
            var trace = OrderTrace.StartLinked("import order", request);
            batch.AddOrder(order, trace, stored: null, clock.GetNow());
        }

        var events = orders.Sum(order => order.Raised.Count);
        return await batch.ExecuteNonQueryAsync(cancellationToken) == events;
    }

    private static async Task<Known> LookUpAsync(
        NpgsqlConnection connection, ImportLine[] lines, CancellationToken cancellationToken)
    {
        var customers = lines
            .Select(line => line.Customer!)
            .DistinctBy(customer => ImportIds.OfCustomer(customer.Email!))
            .ToArray();
        var ids = customers.Select(customer => ImportIds.OfCustomer(customer.Email!)).ToArray();
        var names = customers.Select(customer => customer.Name!).ToArray();
        var emails = customers.Select(customer => customer.Email!).ToArray();
        var countries = customers.Select(customer => customer.Country!).ToArray();
        await using var batch = connection.CreateBatch();
        batch.Add($"""
            insert into customers (id, version, name, email, country)
            select id, 1, name, email, country
            from unnest({ids}, {names}, {emails}, {countries}) as given (id, name, email, country)
            order by id on conflict (id) do nothing
            """);
        // Locked, so that the customers' data stays as it is until the orders are written.
        batch.Add($"""
            select id, name, email, country, version from customers where id = any ({ids}) order by id for share
            """);
        var orders = lines.Select(line => ImportIds.OfOrder(line.Key!)).ToArray();
        batch.Add($"select id, version from orders where id = any ({orders})");

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

    private sealed record Known(
        Dictionary<Guid, (OrderCustomer Customer, long Version)> Customers, Dictionary<Guid, long> Versions);
}
