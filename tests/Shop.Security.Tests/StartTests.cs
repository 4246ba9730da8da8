extern alias ProjectorService;
extern alias ReadService;
extern alias WriteService;

using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Shop.Security.Tests;

/// <summary>Outside of Development, a service with an unsafe setting does not start, and names the setting.</summary>
public sealed class StartTests
{
    private static readonly (string, string)[] Safe =
    [
        ("Authentication:Authority", "https://login.example"),
        ("ConnectionStrings:orders", "Host=db.example;Username=shop;Password=Correct-horse-battery"),
        ("ConnectionStrings:readdb", "Host=db.example;Username=shop;Password=Correct-horse-battery"),
        ("ConnectionStrings:kafka", "kafka.example:9092"),
        ("Cursors:Key", "a key of at least thirty-two bytes"),
    ];

    [Theory]
    [InlineData("Authentication:Authority", "")]
    [InlineData("Authentication:Authority", "http://localhost:5107/")]
    [InlineData("Authentication:Authority", "https://localhost/")]
    [InlineData("Authentication:Authority", "http://login.example")]
    [InlineData("Authentication:DeveloperIdentity", "true")]
    [InlineData("ConnectionStrings:readdb", "Host=db.example;Username=postgres;Password=postgres")]
    [InlineData("Cursors:Key", "")]
    [InlineData("Cursors:Key", "short")]
    public void The_read_API_refuses_an_unsafe_setting(string setting, string value)
    {
        var exception = Assert.ThrowsAny<Exception>(() => Start<ReadService::Program>((setting, value)));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_service_refuses_to_start_without_an_authority()
    {
        var none = ("Authentication:Authority", "");

        Assert.Contains(none.Item1, Assert.ThrowsAny<Exception>(() => Start<WriteService::Program>(none)).Message);
        Assert.Contains(none.Item1, Assert.ThrowsAny<Exception>(() => Start<ProjectorService::Program>(none)).Message);
    }

    private static void Start<TProgram>(params (string Name, string Value)[] settings)
        where TProgram : class
    {
        using var factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Production");
            foreach (var (name, value) in Safe.Concat(settings))
                builder.UseSetting(name, value);
        });
        using var client = factory.CreateClient();
    }
}
