using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Shop.Projector.DeadLetters;

/// <summary>Headers that a dead letter has beside those of the event.</summary>
internal static class DeadLetterHeaders
{
    public const string Topic = "dead-letter-topic";
    public const string Partition = "dead-letter-partition";
    public const string Offset = "dead-letter-offset";
    public const string Reason = "dead-letter-reason";
    public const string Id = "dead-letter-id";
    public const string Version = "dead-letter-version";

    /// <summary>The event's size in bytes, if its key and value are left out because the topic does not take them.</summary>
    public const string OmittedBytes = "dead-letter-omitted-bytes";

    /// <summary>On a record without value that takes an order off the list: the id.</summary>
    public const string Resolved = "dead-letter-resolved";

    /// <summary>The projector that wrote the record. It knows its own records without reading them.</summary>
    public const string Writer = "dead-letter-writer";

    public static Headers Of(DeadLetter letter)
    {
        var headers = new Headers();
        headers.Add(Id, letter.Id);
        headers.Add(Reason, letter.Reason);
        if (letter.Version is { } version)
            headers.Add(Version, version.ToString(CultureInfo.InvariantCulture));
        if (letter.Last is { } source)
        {
            headers.Add(Topic, source.Topic);
            headers.Add(Partition, source.Partition.ToString(CultureInfo.InvariantCulture));
            headers.Add(Offset, source.Offset.ToString(CultureInfo.InvariantCulture));
        }

        return headers;
    }

    /// <returns>Null if the record is not a dead letter.</returns>
    public static DeadLetter? Read(Headers headers, DateTimeOffset at)
    {
        if (headers.Text(Id) is not { } id)
            return null;

        var source = headers.Number(Offset) is { } offset && headers.Number(Partition) is { } partition
            ? new EventCoordinates(headers.Text(Topic) ?? "", (int)partition, offset)
            : null;
        return new(id, headers.Text(Reason) ?? "", at, source, Events: 1, headers.Number(Version));
    }

    public static void Add(this Headers headers, string name, string value) =>
        headers.Add(name, Encoding.UTF8.GetBytes(value));

    public static string? Text(this Headers headers, string name) =>
        headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    private static long? Number(this Headers headers, string name) =>
        long.TryParse(headers.Text(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
