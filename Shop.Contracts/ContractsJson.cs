using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Contracts;

/// <summary>The wire format: camelCase, nulls left out, RFC 3339 times; golden files in the tests pin it.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderEventValue<OrderPlaced>))]
[JsonSerializable(typeof(OrderEventValue<OrderPaid>))]
[JsonSerializable(typeof(OrderEventValue<OrderShipped>))]
[JsonSerializable(typeof(OrderEventValue<OrderDelivered>))]
[JsonSerializable(typeof(OrderEventValue<OrderCancelled>))]
[JsonSerializable(typeof(OrderEventValue<OrderRefunded>))]
[JsonSerializable(typeof(OrderEventValue<OrderLinesChanged>))]
[JsonSerializable(typeof(OrderEventValue<OrderShippingAddressChanged>))]
[JsonSerializable(typeof(OrderEventValue<OrderCustomerChanged>))]
[JsonSerializable(typeof(OrderEventValue<OrderCustomerErased>))]
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(OrderVersion))]
public sealed partial class ContractsJson : JsonSerializerContext;

/// <summary>The JSON of the write API's events and feeds: letters are not escaped, because nothing is embedded in HTML.</summary>
public static class WireJson
{
    public static ContractsJson Contracts { get; } = new(new JsonSerializerOptions(ContractsJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
