using System.Data;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Feeds;

/// <summary>
/// What the projector compares with and heals from: every order in id order, streamed from one snapshot, so that the
/// memory on both sides does not grow with the number of orders.
/// </summary>
internal static class FeedsApi
{
    private const int FlushAt = 32 * 1024;
    private const string SelectVersions = "select id, version from orders order by id";
    private const string SelectStates = OrderReading.Select + "order by o.id";
    private const string SelectStatesOf = OrderReading.Select + "where o.id = any ($1) order by o.id";

    public static IEndpointRouteBuilder MapFeeds(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/internal/orders").WithTags("Internal");
        orders.DisableRequestTimeout();
        orders.MapGet("/versions", StreamVersionsAsync).DescribeQuery<OrderVersion>(
            "Every order's id and version, in id order, from one snapshot", Ndjson.ContentType);
        orders.MapGet("/states", StreamStatesAsync).DescribeQuery<OrderDocument>(
            "Every order's full state, or those of some ids, in id order, from one snapshot", Ndjson.ContentType);
        return app;
    }

    private static Task StreamVersionsAsync(
        HttpContext http, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        StreamAsync(
            http,
            Read(database, new NpgsqlCommand(SelectVersions), ReadVersion, cancellationToken),
            WireJson.Contracts.OrderVersion,
            cancellationToken);

    private static Task StreamStatesAsync(
        HttpContext http, NpgsqlDataSource database, string[]? ids, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SelectStates);
        if (ids is { Length: > 0 })
        {
            command.CommandText = SelectStatesOf;
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ParseIds(ids) });
        }

        return StreamAsync(
            http,
            Read(database, command, OrderReading.ReadState, cancellationToken),
            WireJson.Contracts.OrderDocument,
            cancellationToken);
    }

    private static Guid[] ParseIds(string[] given)
    {
        var texts = given.SelectMany(list => list.Split(',')).ToArray();
        if (texts.Length > RequestLimits.Ids)
            throw RefusedException.Invalid("ids", $"Must be at most {RequestLimits.Ids}.");
        return [.. texts.Select(text => Guid.TryParse(text, out var id)
            ? id
            : throw RefusedException.Invalid("ids", "Must be ids of orders, with commas between or repeated."))];
    }

    private static OrderVersion ReadVersion(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt64(1));

    private static async IAsyncEnumerable<T> Read<T>(
        NpgsqlDataSource database,
        NpgsqlCommand command,
        Func<NpgsqlDataReader, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (command)
        {
            // One statement is one snapshot.
            command.Connection = connection;
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
                yield return read(row);
        }
    }

    private static async Task StreamAsync<T>(
        HttpContext http, IAsyncEnumerable<T> items, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var output = http.Response.BodyWriter;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            if (!http.Response.HasStarted)
                http.Response.ContentType = Ndjson.ContentType;
            Ndjson.Write(output, item, type);
            if (output.UnflushedBytes >= FlushAt)
                await output.FlushAsync(cancellationToken);
        }

        if (!http.Response.HasStarted)
            http.Response.ContentType = Ndjson.ContentType;
        await output.FlushAsync(cancellationToken);
    }
}
