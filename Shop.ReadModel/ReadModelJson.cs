using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.ReadModel;

/// <summary>How documents stand in every store: camelCase, nulls left out, RFC 3339 times.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(PagePosition))]
public sealed partial class ReadModelJson : JsonSerializerContext;
