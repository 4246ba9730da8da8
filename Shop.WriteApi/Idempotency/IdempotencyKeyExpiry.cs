using Npgsql;
using Shop.ServiceDefaults.Background;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Idempotency;

internal static class IdempotencyExtensions
{
    public static IHostApplicationBuilder AddIdempotency(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHostedService<IdempotencyKeyExpiry>();
        return builder;
    }
}

/// <summary>Deletes expired keys in batches, so that no statement holds locks for long.</summary>
internal sealed class IdempotencyKeyExpiry(
    NpgsqlDataSource database, DatabaseMigration migration, TimeProvider clock, LoopServices services)
    : SupervisedLoop("Idempotency key expiry", services)
{
    private const int BatchSize = 1_000;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(1);

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await migration.Done.WaitAsync(cancellationToken);
        int deleted;
        do
        {
            await using var batch = database.CreateBatch();
            batch.Add($"""
                delete from idempotency_keys where key = any (array(
                    select key from idempotency_keys where created_at < {clock.GetNow() - IdempotencyKeys.Lifetime}
                    order by created_at limit {BatchSize} for update skip locked))
                """);
            deleted = await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        while (deleted == BatchSize);
    }
}
