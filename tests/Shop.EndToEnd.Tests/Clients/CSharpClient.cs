using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace Shop.EndToEnd.Tests.Clients;

/// <summary>Clients of both APIs that NSwag generates from their documents, compiled with a walk that uses them.</summary>
internal static class CSharpClient
{
    private const string Walk = """
        using System;
        using System.Linq;
        using System.Net.Http;
        using System.Threading.Tasks;

        public static class Walk
        {
            public static async Task<string> RunAsync(string writeUrl, string readUrl)
            {
                using var http = new HttpClient();
                var write = new WriteApi.Client(http) { BaseUrl = writeUrl };
                var read = new ReadApi.Client(http) { BaseUrl = readUrl };
                var customer = await write.RegisterCustomerAsync(
                    body: new WriteApi.CustomerRequest { Name = "Ada", Email = "ada@example.com", Country = "GB" });
                var product = (await write.GetProductsAsync(limit: 1)).First();
                var placed = await write.PlaceOrderAsync(
                    idempotency_Key: Guid.CreateVersion7().ToString(),
                    body: new WriteApi.PlaceOrderRequest
                    {
                        CustomerId = customer.Id,
                        Lines = [new WriteApi.OrderLineRequest { Sku = product.Sku, Quantity = 2 }],
                        ShippingAddress = new WriteApi.AddressRequest
                        {
                            Recipient = "Ada", Street = "Sheikh Zayed Road 1", City = "Dubai", Country = "AE",
                        },
                    });
                var paid = await write.PayOrderAsync(
                    placed.Id,
                    if_Match: "\"1\"",
                    body: new WriteApi.PayOrderRequest { Method = "card", Reference = "pay-1" });
                var order = await read.GetOrderAsync(paid.Id, [$"{paid.Id}:{paid.Version}"], 10_000);
                var found = await read.SearchOrdersAsync(
                    q: "dubai",
                    customerId: [customer.Id],
                    highlight: true,
                    waitFor: [$"{paid.Id}:{paid.Version}"],
                    waitTimeoutMs: 10_000);
                long total = found.Items.Single(item => item.Id == paid.Id).Total.Amount;
                return total == placed.Total.Amount ? order.Status : $"{total} is not {placed.Total.Amount}";
            }
        }
        """;

    public static async Task<string> WalkAsync(string writeUrl, string readUrl)
    {
        var write = await GenerateAsync(writeUrl, "WriteApi");
        var read = await GenerateAsync(readUrl, "ReadApi");
        var assembly = Compile(write, read, Walk);
        return await (Task<string>)assembly.GetType("Walk")!.GetMethod("RunAsync")!.Invoke(null, [writeUrl, readUrl])!;
    }

    private static async Task<string> GenerateAsync(string url, string name)
    {
        using var http = new HttpClient();
        var document = await OpenApiDocument.FromJsonAsync(await http.GetStringAsync($"{url}/openapi/v1.json"));
        // Streams of lines are for programs that read them line by line.
        foreach (var path in document.Paths.Keys.Where(path => path.Contains("/internal/", StringComparison.Ordinal)).ToList())
            document.Paths.Remove(path);
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "Client",
            UseBaseUrl = true,
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings = { Namespace = name, JsonLibrary = CSharpJsonLibrary.SystemTextJson },
        };
        return new CSharpClientGenerator(document, settings).GenerateFile();
    }

    private static Assembly Compile(params string[] sources)
    {
        var trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create(
            "GeneratedClients",
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            trusted.Split(Path.PathSeparator)
                .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
                .Append(typeof(RequiredAttribute).Assembly.Location)
                .Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var errors = compilation.Emit(assembly).Diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(errors.Select(error => error.ToString()));
        return Assembly.Load(assembly.ToArray());
    }
}
