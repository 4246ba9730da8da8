using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using Shop.Contracts;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Import;

/// <summary>
/// Imports a chunk of lines in one transaction. If the database refuses a chunk, its halves are tried, so that a line
/// that cannot be stored fails alone and every outcome is the one that the line would have had by itself.
/// </summary>
internal sealed class OrderImport(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Attempts = 5;
    private const string NotStorable = "order.not-storable";

    /// <returns>One outcome for each line, in the order of the lines.</returns>
    public async Task<ImportOutcome[]> ImportAsync(
        ReadOnlyMemory<ParsedLine> lines, ImportSource source, CancellationToken cancellationToken)
    {
        // Each order gets a trace of its own. The statements of all the chunks would flood the request's trace.
        using var untraced = SuppressInstrumentationScope.Begin();
        return await ImportOrSplitAsync(lines, source, cancellationToken);
    }

    private async Task<ImportOutcome[]> ImportOrSplitAsync(
        ReadOnlyMemory<ParsedLine> lines, ImportSource source, CancellationToken cancellationToken)
    {
        string error;
        try
        {
            for (var attempt = 1; attempt <= Attempts; attempt++)
            {
                if (await TryImportAsync(lines, source, cancellationToken) is { } outcomes)
                    return outcomes;
            }

            error = Describe(OrderRules.IsBusy());
        }
        catch (PostgresException exception) when (DatabaseErrors.RefusesValue(exception))
        {
            error = $"{NotStorable}: The database refuses the order ({exception.ConstraintName ?? exception.SqlState}).";
        }

        if (lines.Length == 1)
            return [ImportOutcome.Rejected(lines.Span[0].Order!.Key, error)];
        var half = lines.Length / 2;
        return
        [
            .. await ImportOrSplitAsync(lines[..half], source, cancellationToken),
            .. await ImportOrSplitAsync(lines[half..], source, cancellationToken),
        ];
    }

    /// <returns>Null if another import was faster with one of the keys. Nothing is written then.</returns>
    private async Task<ImportOutcome[]?> TryImportAsync(
        ReadOnlyMemory<ParsedLine> lines, ImportSource source, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var versions = await FindVersionsAsync(connection, lines, cancellationToken);
            var erased = await FindErasedAsync(connection, lines, cancellationToken);
            var orders = new List<Order>();
            var placing = new Placing(erased, source.By, clock.GetNow());
            var outcomes = Decide(lines.Span, versions, placing, orders);
            if (orders.Count > 0
                && !await connection.TryInsertAsync(
                    orders, () => OrderTrace.StartLinked("import order", source.Trace), cancellationToken))
                return null;
            await transaction.CommitAsync(cancellationToken);
            return outcomes;
        }
        catch (PostgresException exception) when (DatabaseErrors.IsRace(exception))
        {
            return null;
        }
    }

    private static async Task<Dictionary<Guid, long>> FindVersionsAsync(
        NpgsqlConnection connection, ReadOnlyMemory<ParsedLine> lines, CancellationToken cancellationToken)
    {
        var ids = Array.ConvertAll(lines.ToArray(), line => line.Id);
        await using var batch = connection.CreateBatch();
        batch.Add($"select id, version from orders where id = any ({ids})");
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var versions = new Dictionary<Guid, long>();
        while (await row.ReadAsync(cancellationToken))
            versions.Add(row.GetGuid(0), row.GetInt64(1));
        return versions;
    }

    /// <summary>The customers of the lines that were erased. They must not come back with an old file.</summary>
    private static async Task<HashSet<Guid>> FindErasedAsync(
        NpgsqlConnection connection, ReadOnlyMemory<ParsedLine> lines, CancellationToken cancellationToken)
    {
        Guid[] ids =
        [
            .. lines.ToArray().Where(line => line.Order is not null)
                .Select(line => ImportIds.OfCustomer(line.Order!.Customer!.Email!)).Distinct(),
        ];
        await using var batch = connection.CreateBatch();
        batch.Add($"select id from customers where id = any ({ids}) and erased_at is not null");
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var erased = new HashSet<Guid>();
        while (await row.ReadAsync(cancellationToken))
            erased.Add(row.GetGuid(0));
        return erased;
    }

    /// <param name="versions">The orders that exist. New ones are added.</param>
    /// <param name="orders">Gets the new orders.</param>
    private static ImportOutcome[] Decide(
        ReadOnlySpan<ParsedLine> lines, Dictionary<Guid, long> versions, Placing placing, List<Order> orders)
    {
        var outcomes = new ImportOutcome[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            var (id, line, rejected) = lines[i];
            outcomes[i] = line is null ? rejected!
                : versions.TryGetValue(id, out var version) ? ImportOutcome.Exists(line.Key!, id, version)
                : Place(id, line, placing, orders);
            if (outcomes[i] is { Id: not null, Version: { } current })
                versions[id] = current;
        }

        return outcomes;
    }

    private static ImportOutcome Place(Guid id, ImportLine line, Placing placing, List<Order> orders)
    {
        try
        {
            var customer = line.ToCustomer();
            if (placing.Erased.Contains(customer.Id))
                throw OrderRules.IsErased();
            var details = line.ToDetails() with { By = placing.By };
            var order = Order.Place(id, customer, customerVersion: 0, details, line.PlacedAt!.Value);
            OrderHistory.Replay(order, line.Status!, line.Key!, placing.Now);
            orders.Add(order);
            return ImportOutcome.Created(line.Key!, id, order.Document.Version);
        }
        catch (OrderRuleException exception)
        {
            return ImportOutcome.Rejected(line.Key, Describe(exception));
        }
    }

    private static string Describe(OrderRuleException exception) => $"{exception.Code}: {exception.Message}";

    /// <param name="Erased">Customers whose orders are not imported again.</param>
    private sealed record Placing(HashSet<Guid> Erased, Actor By, DateTimeOffset Now);
}

/// <summary>Where imported orders come from.</summary>
/// <param name="By">Who imports them, and is the actor of their events.</param>
/// <param name="Trace">The trace of the request, which the orders' own traces are linked to.</param>
internal readonly record struct ImportSource(Actor By, ActivityContext Trace);
