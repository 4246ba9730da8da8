using Npgsql;
using Shop.ServiceDefaults.Background;

namespace Shop.WriteApi.Database;

/// <summary>
/// Brings the schema up to date, or waits for <c>Shop.Migrations</c> to do it if the service's user may not change the
/// schema. Until it is up to date, <c>/health/ready</c> and every request get 503.
/// </summary>
internal sealed class DatabaseMigration(
    IServiceScopeFactory scopes, NpgsqlDataSource database, LoopServices services)
    : SupervisedLoop("Database migration", services)
{
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the schema is up to date. Other background work waits for it.</summary>
    public Task Done => _done.Task;

    protected override TimeSpan Interval => Timeout.InfiniteTimeSpan;

    /// <summary>Lets the server listen after the first attempt, so that a normal start is never seen unready.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await _attempted.Task.WaitAsync(cancellationToken);
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
            _done.TrySetResult();
        }
        finally
        {
            _attempted.TrySetResult();
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShopDbContext>();
        await new SchemaMigration(context, database).MigrateAsync(cancellationToken);
    }
}
