using System.Runtime.CompilerServices;

namespace Shop.EndToEnd.Tests.Hosting;

/// <summary>
/// The servers that the caller of the tests offers. They are for the tests that ask for them: the other ones run the
/// host's own, so the variables, which every process would inherit, are taken out of the environment.
/// </summary>
internal static class GivenServers
{
    public static string? Kafka { get; private set; }

    public static string? Elasticsearch { get; private set; }

    [ModuleInitializer]
    internal static void Take()
    {
        Kafka = Take("kafka");
        Elasticsearch = Take("elasticsearch");
        foreach (var other in (string[])["orders", "readdb", "redis"])
            Take(other);
        Environment.SetEnvironmentVariable("ES_HOME", null);
    }

    private static string? Take(string name)
    {
        var variable = $"ConnectionStrings__{name}";
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
