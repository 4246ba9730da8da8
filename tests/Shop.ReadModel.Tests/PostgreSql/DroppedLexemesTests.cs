using System.Diagnostics.Metrics;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Writing;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class DroppedLexemesTests
{
    [Fact]
    public void Lexemes_without_room_are_counted_and_single_words_are_kept()
    {
        // Each word has two spellings, and so each phrase of three has eight.
        var words = Enumerable.Range(0, 60_000 / 7).Select(i => $"ü{1_000 + i}").Chunk(40);
        var large = Orders.New(order => order with
        {
            Lines = [.. words.Take(200).Select(line => Orders.Line(string.Join(' ', line)))],
        });
        var dropped = 0L;
        var thread = Environment.CurrentManagedThreadId;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "shop.read_model.dropped_lexemes")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        // Other tests count on other threads.
        listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
            dropped += Environment.CurrentManagedThreadId == thread ? value : 0);
        listener.Start();

        SearchVector.Of(Orders.New());
        Assert.Equal(0, dropped);
        var vector = SearchVector.Of(large);

        Assert.InRange(dropped, 1, long.MaxValue);
        Assert.All(Words(large), word => Assert.Contains(word, vector, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Words(OrderDocument order) =>
        order.Lines.SelectMany(line => line.Name.Replace('ü', 'u').Split(' ')).Where((_, number) => number % 100 == 0);
}
