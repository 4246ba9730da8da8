using System.Reflection;
using Mono.Cecil;

namespace Shop.Architecture.Tests;

/// <summary>A namespace is a folder. Dependencies between the folders of a project go one way.</summary>
public sealed class NamespaceTests
{
    private static readonly string[] Services = ["Shop.WriteApi", "Shop.ReadApi", "Shop.Projector"];

    [Theory]
    [InlineData("Shop.Contracts")]
    [InlineData("Shop.ServiceDefaults")]
    [InlineData("Shop.LocalServers")]
    [InlineData("Shop.WriteApi")]
    [InlineData("Shop.ReadApi")]
    [InlineData("Shop.ReadModel")]
    [InlineData("Shop.Projector")]
    public void Namespaces_of_a_project_have_no_cycles(string project)
    {
        var uses = NamespaceUses.Of(project);

        var cycles = Cycles(uses).ToHashSet();

        Assert.True(
            cycles.Count == 0,
            $"Namespaces in cycles: {string.Join(", ", cycles.Order())}. Uses between them:\n"
            + string.Join('\n', uses.Where(u => cycles.Contains(u.From) && cycles.Contains(u.To)).Select(u => u.Example)));
    }

    [Fact]
    public void No_service_references_another_service() => Assert.All(Services, service => Assert.DoesNotContain(
        Assembly.Load(service).GetReferencedAssemblies(),
        reference => reference.Name != service && Services.Contains(reference.Name)));

    // Their servers' clients know configured addresses only.
    [Theory]
    [InlineData("Shop.WriteApi")]
    [InlineData("Shop.ReadApi")]
    public void An_API_makes_no_requests_to_addresses_that_a_caller_could_name(string project)
    {
        using var module = ModuleDefinition.ReadModule(Assembly.Load(project).Location);

        Assert.DoesNotContain(module.GetTypeReferences(), type =>
            type.FullName is "System.Net.Http.HttpClient" or "System.Net.Http.IHttpClientFactory" or "System.Net.WebRequest"
            || type.Namespace == "System.Net.Sockets");
    }

    [Theory]
    [InlineData("Shop.WriteApi")]
    [InlineData("Shop.ReadApi")]
    [InlineData("Shop.ReadModel")]
    [InlineData("Shop.Projector")]
    [InlineData("Shop.ServiceDefaults")]
    public void Background_work_runs_in_supervised_loops(string project) => Assert.DoesNotContain(
        Assembly.Load(project).GetTypes(),
        type => type is { IsClass: true, IsAbstract: false }
            && type.GetInterface("Microsoft.Extensions.Hosting.IHostedService") is not null
            && type.BaseType?.FullName != "Shop.ServiceDefaults.Background.SupervisedLoop");

    [Fact]
    public void The_domain_depends_on_nothing_else_of_its_service()
    {
        var uses = NamespaceUses.Of("Shop.WriteApi").Where(use => use.From.StartsWith("Shop.WriteApi.Domain", StringComparison.Ordinal));

        Assert.DoesNotContain(uses, use => !use.To.StartsWith("Shop.WriteApi.Domain", StringComparison.Ordinal));
    }

    /// <summary>The namespaces that reach themselves.</summary>
    private static IEnumerable<string> Cycles(NamespaceUse[] uses)
    {
        var targets = uses.ToLookup(use => use.From, use => use.To);
        return targets.Select(group => group.Key).Where(start =>
        {
            var seen = new HashSet<string>();
            var next = new Stack<string>(targets[start]);
            while (next.TryPop(out var name))
            {
                if (name == start)
                    return true;
                if (seen.Add(name))
                    foreach (var target in targets[name])
                        next.Push(target);
            }

            return false;
        });
    }
}
