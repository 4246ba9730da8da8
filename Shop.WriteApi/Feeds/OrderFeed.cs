using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Feeds;

/// <summary>
/// Sends orders in id order, page by page. Each page is a statement of its own that ends before the page is sent, so
/// that a slow reader holds no transaction open and the memory in use is one page.
/// </summary>
/// <param name="select">Selects from <c>orders o</c>, the id first, up to where a condition follows.</param>
internal sealed class OrderFeed<T>(
    string select, int pageSize, Func<NpgsqlDataReader, T> read, JsonTypeInfo<T> type)
{
    private readonly string _selectPage = $"{select} where o.id > $1 order by o.id limit {pageSize}";
    private readonly string _selectSome = $"{select} where o.id = any ($1) order by o.id";

    /// <summary>Sends all orders.</summary>
    public async Task SendAllAsync(HttpContext http, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var page = new Page(Guid.Empty, pageSize, Identity: null);
        while (page.Count == pageSize)
        {
            await using (var batch = CreateBatch(database, _selectPage, page.Last))
                page = await WriteAsync(http.Response, batch, page, cancellationToken);
            await http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Sends those of <paramref name="ids"/> that exist.</summary>
    public async Task SendAsync(
        HttpContext http, NpgsqlDataSource database, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var batch = CreateBatch(database, _selectSome, ids);
        await WriteAsync(http.Response, batch, default, cancellationToken);
    }

    private static NpgsqlBatch CreateBatch<TParameter>(NpgsqlDataSource database, string sql, TParameter parameter)
    {
        var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("select id from database_identity"));
        batch.BatchCommands.Add(new(sql) { Parameters = { new NpgsqlParameter<TParameter> { TypedValue = parameter } } });
        return batch;
    }

    private async Task<Page> WriteAsync(
        HttpResponse response, NpgsqlBatch batch, Page previous, CancellationToken cancellationToken)
    {
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var identity = row.GetGuid(0);
        if (previous.Identity is null)
        {
            response.ContentType = Ndjson.ContentType;
            response.Headers[FeedHeaders.DatabaseId] = identity.ToString();
        }
        else if (identity != previous.Identity)
        {
            throw new InvalidOperationException("The write database was replaced while its orders were streamed.");
        }

        await row.NextResultAsync(cancellationToken);
        var (last, count) = (previous.Last, 0);
        for (; await row.ReadAsync(cancellationToken); count++)
        {
            last = row.GetGuid(0);
            Ndjson.Write(response.BodyWriter, read(row), type);
        }

        return new(last, count, identity);
    }

    private readonly record struct Page(Guid Last, int Count, Guid? Identity);
}
