using System.Text;
using Confluent.Kafka;
using Shop.Projector.Projecting;

namespace Shop.Projector.Tests;

public sealed class BatchProjectionTests
{
    private readonly Guid _order = Guid.CreateVersion7();

    [Fact]
    public void The_newest_version_of_an_order_is_projected_once()
    {
        var projection = BatchProjection.Of([Record(1), Record(3), Record(2)]);
        Assert.Equal(3, Assert.Single(projection.Documents).Version);
        Assert.Equal(3, Assert.Single(projection.Sources).Version);
    }

    [Fact]
    public void A_superseded_event_is_not_read()
    {
        var projection = BatchProjection.Of([Record(1, "poison"), Record(2)]);
        Assert.Equal(2, Assert.Single(projection.Documents).Version);
        Assert.Empty(projection.Unreadable);
    }

    [Fact]
    public void An_unreadable_newest_version_does_not_hide_a_readable_older_one()
    {
        var projection = BatchProjection.Of([Record(1), Record(2), Record(3, "poison")]);
        Assert.Equal(2, Assert.Single(projection.Documents).Version);
        Assert.Equal(3, Assert.Single(projection.Unreadable).Record.Version);
    }

    [Fact]
    public void A_rejected_document_falls_back_to_the_next_older_version()
    {
        var projection = BatchProjection.Of([Record(1), Record(4), Record(3, "poison"), Record(2)]);
        Assert.Equal(4, Assert.Single(projection.Documents).Version);

        projection = projection.Fallbacks([_order]);
        Assert.Equal(2, Assert.Single(projection.Documents).Version);
        Assert.Equal(3, Assert.Single(projection.Unreadable).Record.Version);

        projection = projection.Fallbacks([_order]);
        Assert.Equal(1, Assert.Single(projection.Documents).Version);
        Assert.Empty(projection.Fallbacks([_order]).Documents);
    }

    [Fact]
    public void A_value_of_another_version_than_the_header_names_is_unreadable()
    {
        var value = SampleOrder.Event(SampleOrder.State(_order, 2)).Value;
        var projection = BatchProjection.Of([Wrap(SampleOrder.Message($"{_order}", 5, value))]);
        Assert.Empty(projection.Documents);
        Assert.Single(projection.Unreadable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0af76519-16cd-43dd-8448-eb211c80319cX")]
    public void A_key_that_is_not_an_order_id_is_unreadable(string key) =>
        Assert.Single(BatchProjection.Of([Wrap(SampleOrder.Message(key, 1, "{}"u8.ToArray()))]).Unreadable);

    private OrderEventRecord Record(long version, string? value = null) => Wrap(value is null
        ? SampleOrder.Event(SampleOrder.State(_order, version))
        : SampleOrder.Message($"{_order}", version, Encoding.UTF8.GetBytes(value)));

    private static OrderEventRecord Wrap(Message<string, byte[]> message) => new(new()
    {
        Topic = "orders",
        Message = new()
        {
            Key = Encoding.UTF8.GetBytes(message.Key),
            Value = message.Value,
            Headers = message.Headers,
        },
    });
}
