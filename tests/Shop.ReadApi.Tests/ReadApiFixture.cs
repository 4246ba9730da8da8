namespace Shop.ReadApi.Tests;

/// <summary>One app for the tests of a class, started by the first of them so that it can be skipped.</summary>
public abstract class ReadApiFixture(Func<Task<ReadApiApp>> start) : IAsyncLifetime
{
    private ReadApiApp? _app;

    public async Task<ReadApiApp> GetAsync() => _app ??= await start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is { } app)
            await app.DisposeAsync();
    }
}

public sealed class OnPostgreSql() : ReadApiFixture(() => ReadApiApp.StartAsync());

public sealed class OnElasticsearch() : ReadApiFixture(() => ReadApiApp.StartOnElasticsearchAsync());
