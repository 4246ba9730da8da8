using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.ReadModel;

/// <summary>JSON serialization of cursors.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PagePosition))]
public sealed partial class ReadModelJson : JsonSerializerContext;
