using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Contracts;

/// <summary>The wire format: camelCase, nulls left out, RFC 3339 times; golden files in the tests pin it.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderEnvelope))]
[JsonSerializable(typeof(OrderEnvelope<OrderPlaced>))]
[JsonSerializable(typeof(OrderEnvelope<OrderPaid>))]
[JsonSerializable(typeof(OrderEnvelope<OrderShipped>))]
[JsonSerializable(typeof(OrderEnvelope<OrderDelivered>))]
[JsonSerializable(typeof(OrderEnvelope<OrderCancelled>))]
[JsonSerializable(typeof(OrderEnvelope<OrderRefunded>))]
[JsonSerializable(typeof(OrderEnvelope<OrderLinesChanged>))]
[JsonSerializable(typeof(OrderEnvelope<OrderShippingAddressChanged>))]
[JsonSerializable(typeof(OrderEnvelope<OrderCustomerChanged>))]
[JsonSerializable(typeof(OrderState))]
[JsonSerializable(typeof(OrderVersion))]
public sealed partial class ContractsJson : JsonSerializerContext;
