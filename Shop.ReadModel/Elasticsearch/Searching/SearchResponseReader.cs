using System.Text;
using System.Text.Json;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>A search response as slices of its bytes.</summary>
internal sealed class SearchResponseReader
{
    private const string AtLeast = "gte";

    private SearchResponseReader()
    {
    }

    /// <summary>Whether every shard answered in time.</summary>
    public bool IsComplete { get; private set; } = true;

    public TotalHits Total { get; private set; }
    public List<SearchHit> Hits { get; } = [];

    /// <summary>Undefined if the response has none.</summary>
    public JsonElement Aggregations { get; private set; }

    public static SearchResponseReader Read(byte[] body)
    {
        var response = new SearchResponseReader();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.ReadMember())
        {
            if (reader.ValueTextEquals("timed_out"u8))
                response.IsComplete &= reader.ReadValue() == JsonTokenType.False;
            else if (reader.ValueTextEquals("_shards"u8))
                response.ReadShards(ref reader);
            else if (reader.ValueTextEquals("hits"u8))
                response.ReadHits(ref reader, body);
            else if (reader.ValueTextEquals("aggregations"u8))
                response.Aggregations = JsonElement.ParseValue(ref reader);
            else
                reader.Skip();
        }

        return response;
    }

    private void ReadShards(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (reader.ReadMember())
        {
            if (reader.ValueTextEquals("failed"u8) && reader.ReadValue() == JsonTokenType.Number)
                IsComplete &= reader.GetInt32() == 0;
            else
                reader.Skip();
        }
    }

    private void ReadHits(ref Utf8JsonReader reader, byte[] body)
    {
        reader.Read();
        while (reader.ReadMember())
        {
            if (reader.ValueTextEquals("total"u8))
            {
                ReadTotal(ref reader);
            }
            else if (reader.ValueTextEquals("hits"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                    Hits.Add(ReadHit(ref reader, body));
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadTotal(ref Utf8JsonReader reader)
    {
        var (value, isLowerBound) = (0L, false);
        reader.Read();
        while (reader.ReadMember())
        {
            if (reader.ValueTextEquals("value"u8) && reader.ReadValue() == JsonTokenType.Number)
                value = reader.GetInt64();
            else if (reader.ValueTextEquals("relation"u8) && reader.ReadValue() == JsonTokenType.String)
                isLowerBound = reader.ValueTextEquals(AtLeast);
            else
                reader.Skip();
        }

        Total = new(value, isLowerBound);
    }

    private static SearchHit ReadHit(ref Utf8JsonReader reader, byte[] body)
    {
        ReadOnlyMemory<byte> source = default;
        List<string> sort = [];
        while (reader.ReadMember())
        {
            if (reader.ValueTextEquals("_source"u8))
            {
                source = reader.ReadSlice(body);
            }
            else if (reader.ValueTextEquals("sort"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    sort.Add(Encoding.UTF8.GetString(reader.ValueSpan));
            }
            else
            {
                reader.Skip();
            }
        }

        return new(source, sort);
    }
}

/// <param name="Source">The document as it was written.</param>
/// <param name="Sort">Sort values as text.</param>
internal readonly record struct SearchHit(ReadOnlyMemory<byte> Source, IReadOnlyList<string> Sort);

/// <summary>The response to a request for one document.</summary>
internal readonly record struct GetResponse(bool HasId, ReadOnlyMemory<byte>? Source)
{
    public static GetResponse Read(byte[] body)
    {
        var (hasId, source) = (false, default(ReadOnlyMemory<byte>?));
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.ReadMember())
        {
            hasId |= reader.ValueTextEquals("_id"u8);
            if (reader.ValueTextEquals("_source"u8))
                source = reader.ReadSlice(body);
            else
                reader.Skip();
        }

        return new(hasId, source);
    }
}

internal static class JsonReaderExtensions
{
    /// <summary>Moves to the next member's name; false at the end of the object.</summary>
    public static bool ReadMember(this ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    public static JsonTokenType ReadValue(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType;
    }

    /// <summary>Skips the value that follows and returns its bytes.</summary>
    public static ReadOnlyMemory<byte> ReadSlice(this ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
