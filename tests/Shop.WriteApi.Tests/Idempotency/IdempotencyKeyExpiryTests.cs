using Shop.Testing;

namespace Shop.WriteApi.Tests.Idempotency;

public sealed class IdempotencyKeyExpiryTests
{
    [Fact]
    public async Task Keys_older_than_a_day_are_deleted_and_younger_ones_are_kept()
    {
        var server = await PostgresServer.GetAsync();
        var database = await server.CreateDatabaseAsync();
        await using (var first = await WriteApi.StartAsync(database))
        {
            await first.ExecuteAsync("""
                INSERT INTO idempotency_keys (key, request_hash, status, content_type, body, created_at)
                SELECT i::text, '', 201, 'application/json', '',
                    now() - make_interval(hours => CASE WHEN i > 2500 THEN 23 ELSE 25 END)
                FROM generate_series(1, 2507) AS i
                """);
        }

        await using var second = await WriteApi.StartAsync(database);

        var left = await Eventually.GetAsync(
            () => second.QueryAsync<long>("SELECT count(*) FROM idempotency_keys"),
            count => count <= 7,
            "only younger keys are left");
        Assert.Equal(7, left);
    }
}
