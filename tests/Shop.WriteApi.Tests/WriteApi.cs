using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests;

/// <summary>The unmodified write API on a database of its own, over real HTTP.</summary>
internal sealed class WriteApi : IAsyncDisposable
{
    private readonly Application _application;

    private WriteApi(string connectionString, Action<IWebHostBuilder>? configure)
    {
        ConnectionString = connectionString;
        Database = NpgsqlDataSource.Create(connectionString);
        _application = new Application(connectionString, configure);
        _application.UseKestrel(0);
        _application.StartServer();
        Client = _application.CreateClient();
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _application.Services;

    public static async Task<WriteApi> StartAsync()
    {
        var server = await PostgresServer.GetAsync();
        return await StartAsync(await server.CreateDatabaseAsync());
    }

    /// <param name="configure">Changes to the service's own configuration.</param>
    public static async Task<WriteApi> StartAsync(string connectionString, Action<IWebHostBuilder>? configure = null)
    {
        var api = StartWithoutWaiting(connectionString, configure);
        await Eventually.HoldsAsync(
            async () => (await api.Client.GetAsync("/health/ready")).IsSuccessStatusCode, "The write API is ready");
        return api;
    }

    /// <summary>For a service that does not become ready.</summary>
    public static WriteApi StartWithoutWaiting(
        string connectionString, Action<IWebHostBuilder>? configure = null) => new(connectionString, configure);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Version = Client.DefaultRequestVersion,
            VersionPolicy = Client.DefaultVersionPolicy,
        };
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        // A body that is too large is refused before it is read. A client that is still writing may miss the response.
        if (request.Content?.Headers.ContentLength > 100_000)
            request.Headers.ExpectContinue = true;
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(
        string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers);

    public Task<HttpResponseMessage> PutAsync(
        string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, body, headers);

    public async Task<JsonElement> GetJsonAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    public async Task<T> QueryAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class Application(string connectionString, Action<IWebHostBuilder>? configure)
        : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("ConnectionStrings:orders", connectionString);
            builder.UseSetting("Relay:Enabled", "false");
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            configure?.Invoke(builder);
        }
    }
}
