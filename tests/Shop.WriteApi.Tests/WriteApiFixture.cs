namespace Shop.WriteApi.Tests;

/// <summary>One write API and database for a test class. The first test starts it, so that it can be skipped.</summary>
public sealed class WriteApiFixture : IAsyncLifetime
{
    private WriteApi? _api;

    internal async Task<WriteApi> GetAsync() => _api ??= await WriteApi.StartAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
    }
}
