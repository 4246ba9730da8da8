using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Shop.ReadModel;

/// <summary>
/// The form in which a serializer writes a type: every member that is not null, in its order, and no other. Tells
/// whether JSON has this form; reading it into objects and writing them anew would give the same then.
/// </summary>
/// <remarks>It may say no where yes would be right, never the other way round.</remarks>
internal abstract class JsonForm
{
    public static JsonForm Of(Type type, JsonSerializerOptions options)
    {
        var known = Nullable.GetUnderlyingType(type) ?? type;
        if (Leaf(known) is { } fits)
            return new LeafForm(fits);

        var info = options.GetTypeInfo(known);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => new ObjectForm([.. info.Properties.Select(member => new Member(
                Encoding.UTF8.GetBytes(member.Name), Of(member.PropertyType, options),
                member.IsRequired || !member.IsSetNullable))]),
            JsonTypeInfoKind.Enumerable => new ArrayForm(Of(info.ElementType!, options)),
            _ => throw new NotSupportedException($"What {type} looks like in JSON is not known."),
        };
    }

    /// <summary>Looks at the value at which the reader stands, and leaves it at the value's end.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public abstract bool Fits(ref Utf8JsonReader reader);

    private static FitsLeaf? Leaf(Type type) => type switch
    {
        _ when type == typeof(string) => IsText,
        _ when type == typeof(Guid) => IsId,
        _ when type == typeof(DateTimeOffset) => IsTime,
        _ when type == typeof(long) => (ref reader) => IsNumber(ref reader) && reader.TryGetInt64(out _),
        _ when type == typeof(int) => (ref reader) => IsNumber(ref reader) && reader.TryGetInt32(out _),
        _ => null,
    };

    private static bool IsNumber(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number;

    private static bool IsText(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        && !(reader.ValueIsEscaped && MayHaveSurrogates(reader.ValueSpan));

    // One may lack its other half, which is no text.
    private static bool MayHaveSurrogates(ReadOnlySpan<byte> text) =>
        text.IndexOf("\\ud"u8) >= 0 || text.IndexOf("\\uD"u8) >= 0;

    private static bool IsId(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        && !reader.ValueIsEscaped && !reader.ValueSpan.ContainsAnyInRange((byte)'A', (byte)'F')
        && reader.TryGetGuid(out _);

    private static bool IsTime(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        && !reader.ValueIsEscaped && reader.ValueSpan is { Length: <= 33 and >= 25 } text && text[^6] is (byte)'+' or (byte)'-'
        && reader.TryGetDateTimeOffset(out _);

    private delegate bool FitsLeaf(ref Utf8JsonReader reader);

    private readonly record struct Member(byte[] Name, JsonForm Form, bool IsRequired);

    private sealed class LeafForm(FitsLeaf fits) : JsonForm
    {
        public override bool Fits(ref Utf8JsonReader reader) => fits(ref reader);
    }

    private sealed class ArrayForm(JsonForm element) : JsonForm
    {
        public override bool Fits(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                return false;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (!element.Fits(ref reader))
                    return false;
            }

            return true;
        }
    }

    private sealed class ObjectForm(Member[] members) : JsonForm
    {
        public override bool Fits(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                return false;
            var next = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                next = Find(ref reader, next);
                if (next == members.Length || !reader.Read() || !members[next].Form.Fits(ref reader))
                    return false;
                next++;
            }

            return !Array.Exists(members[next..], member => member.IsRequired);
        }

        /// <summary>Where the name that the reader stands at is, if nothing that may not lack comes before.</summary>
        private int Find(ref Utf8JsonReader reader, int from)
        {
            while (from < members.Length && !reader.ValueTextEquals(members[from].Name))
                from = members[from].IsRequired ? members.Length : from + 1;
            return from;
        }
    }
}
