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
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(OrderVersion))]
public sealed partial class ContractsJson : JsonSerializerContext;
