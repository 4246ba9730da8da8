using Shop.LocalServers.Machines;

namespace Shop.EndToEnd.Tests.Clients;

/// <summary>The types that openapi-typescript generates from a document, compiled by TypeScript's compiler.</summary>
internal static class TypeScriptClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="uses">Statements that use the types <c>paths</c> and <c>components</c>.</param>
    public static async Task CompileAsync(string url, string uses)
    {
        var sources = Path.Combine(Checkout.Root, "tests", "Shop.EndToEnd.Tests", "Clients");
        var modules = await NodePackages.InstallAsync(
            Machine.OfEnvironment(_ => { }), new("TypeScript", "--omit=dev", sources));
        var folder = Directory.CreateTempSubdirectory("shop-typescript-").FullName;
        try
        {
            using var http = new HttpClient();
            var document = Path.Combine(folder, "api.json");
            await File.WriteAllTextAsync(document, await http.GetStringAsync($"{url}/openapi/v1.json"));
            await RunAsync(
                folder, Path.Combine(modules, "openapi-typescript", "bin", "cli.js"), document, "-o", "api.ts");
            await File.WriteAllTextAsync(
                Path.Combine(folder, "use.ts"), $"import type {{ components, paths }} from './api';\n{uses}\n");
            await RunAsync(folder, Path.Combine(modules, "typescript", "bin", "tsc"), "--strict", "--noEmit", "use.ts");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string folder, params string[] command)
    {
        var result = await LocalCommand.TryAsync(Limit, ["node", .. command], folder);
        Assert.True(result.Succeeded, result.Output);
    }
}
