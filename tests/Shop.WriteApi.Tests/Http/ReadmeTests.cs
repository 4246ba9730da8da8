using System.Globalization;
using System.Reflection;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders;
using Shop.WriteApi.Products;

namespace Shop.WriteApi.Tests.Http;

/// <summary>Compares the README's tables of commands, codes and limits with the service.</summary>
public sealed class ReadmeTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Fact]
    public async Task The_readme_lists_every_command_with_its_statuses()
    {
        var api = await fixture.GetAsync();
        var paths = (await api.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        var commands =
            from path in paths.EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where operation.Name is not "get"
            let responses = operation.Value.GetProperty("responses").EnumerateObject()
            let statuses = responses.Select(response => response.Name).Order()
            select ($"{operation.Name.ToUpperInvariant()} {path.Name}", string.Join(", ", statuses));
        Assert.Equal(commands.Order(), Rows("command").Order());
    }

    [Fact]
    public void The_readme_lists_every_code()
    {
        Type[] types =
            [typeof(Codes), typeof(OrderRules), typeof(OrderCodes), typeof(CustomerCodes), typeof(ProductCodes)];
        var codes = types.SelectMany(Constants).Select(code => $"{code.Value}");
        Assert.Equal(codes.Order(), Rows("code").Select(row => row.Name).Order());
    }

    [Fact]
    public void The_readmes_limits_are_the_services()
    {
        var limits = Constants(typeof(Limits)).Concat(Constants(typeof(RequestLimits)))
            .ToDictionary(limit => limit.Name, limit => limit.Value);
        limits[nameof(RequestLimits.RequestTime)] = RequestLimits.RequestTime.TotalSeconds;
        var rows = Rows("limit").ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
            Assert.Equal(Convert.ToString(limits[row.Name], CultureInfo.InvariantCulture), row.Value));
    }

    private static IEnumerable<(string Name, object? Value)> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (field.Name, field.GetRawConstantValue()));

    private static IEnumerable<(string Name, string Value)> Rows(string heading) =>
        File.ReadLines(Readme())
            .SkipWhile(line => !line.StartsWith($"| {heading} |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (cells[1].Split('`')[1], cells[2]));

    private static string Readme()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Shop.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "README.md");
    }
}
