using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shop.Contracts;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Import;
using Shop.WriteApi.Orders;
using Shop.WriteApi.Products;

namespace Shop.WriteApi.Http;

/// <summary>The bodies of this API, in and out.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    AllowDuplicateProperties = false,
    MaxDepth = Limits.Depth)]
[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(List<OrderLineRequest>))]
[JsonSerializable(typeof(AddressRequest))]
[JsonSerializable(typeof(PayOrderRequest))]
[JsonSerializable(typeof(ShipOrderRequest))]
[JsonSerializable(typeof(RefundOrderRequest))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(OrderReceipt))]
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(CustomerRequest))]
[JsonSerializable(typeof(OrderCustomer))]
[JsonSerializable(typeof(ProductRequest))]
[JsonSerializable(typeof(ProductAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ProductAnswer>))]
[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(ImportOutcome))]
[JsonSerializable(typeof(ProblemAnswer))]
internal sealed partial class WriteJson : JsonSerializerContext;

/// <summary>JSON as it leaves this service: letters stay letters, for nothing here is put into HTML.</summary>
internal static class WireJson
{
    public static WriteJson Answers { get; } = new(Unescaped(WriteJson.Default.Options));

    public static ContractsJson Contracts { get; } = new(Unescaped(ContractsJson.Default.Options));

    private static JsonSerializerOptions Unescaped(JsonSerializerOptions options) =>
        new(options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
