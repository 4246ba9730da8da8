using Shop.EndToEnd.Tests.Clients;
using Shop.EndToEnd.Tests.Hosting;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class GeneratedClientTests(ShopFixture fixture)
{
    private string WriteUrl => $"http://127.0.0.1:{fixture.Shop.PortBase + 1}";

    private string ReadUrl => $"http://127.0.0.1:{fixture.Shop.PortBase + 2}";

    [Fact]
    public async Task A_generated_CSharp_client_places_pays_and_finds_an_order() =>
        Assert.Equal("paid", await CSharpClient.WalkAsync(WriteUrl, ReadUrl));

    [Fact]
    public async Task Generated_TypeScript_types_of_both_APIs_compile_with_plain_numbers()
    {
        await TypeScriptClient.CompileAsync(WriteUrl, """
            const version: number = ({} as components["schemas"]["OrderReceipt"]).version;
            const line: components["schemas"]["OrderLineRequest"] = { sku: "A-1", quantity: 2 };
            type Body = paths["/orders"]["post"]["requestBody"]["content"]["application/json"];
            const lines: Body["lines"] = [line];
            """);
        await TypeScriptClient.CompileAsync(ReadUrl, """
            type Search = paths["/orders/search"]["get"];
            type Found = Search["responses"]["200"]["content"]["application/json"];
            const found = {} as Found;
            const total: number = found.total.value;
            const amount: number | undefined = found.items[0].total.amount;
            const query: Search["parameters"]["query"] = { size: 20, highlight: true, status: ["paid"] };
            """);
    }
}
