using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.Searching;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class SimilarWordsTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    [Fact]
    public async Task Orders_are_compared_only_with_similar_words_that_there_are()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(Orders.WithNote("keyboard"), Orders.WithNote("lamp"));
        using var log = new Statements();
        var builder = new NpgsqlDataSourceBuilder(stores.ConnectionString);
        builder.UseLoggerFactory(log).EnableParameterLogging();
        await using var logged = builder.Build();
        var search = new PostgreSqlOrderSearch(logged, stores.Facets);

        var corrected = await new SearchCorrector(search).CorrectAsync(
            Orders.All with { Text = SearchTextParser.Parse("keybord", out _) }, default);

        Assert.Equal("keyboard", corrected?.Text.ToString());
        var compared = log.All.Where(line => line.Contains("ORDER BY placed_at", StringComparison.Ordinal)).ToList();
        Assert.Contains(compared, line => line.Contains("'keyboard'", StringComparison.Ordinal));
        Assert.DoesNotContain(compared, line => line.Contains("'keybird'", StringComparison.Ordinal));
    }

    private sealed class Statements : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
