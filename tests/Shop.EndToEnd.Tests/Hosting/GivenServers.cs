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

    /// <summary>The unpacked Elasticsearch and Kafka that the host can run.</summary>
    public static (string Name, string? Folder)[] Homes { get; private set; } = [];

    [ModuleInitializer]
    internal static void Take()
    {
        Kafka = Take("kafka");
        Elasticsearch = Take("elasticsearch");
        foreach (var other in (string[])["orders", "readdb", "redis"])
            Take(other);
        Homes = [.. ((string[])["ES_HOME", "KAFKA_HOME"]).Select(home => (home, TakeVariable(home)))];
    }

    private static string? Take(string name) => TakeVariable($"ConnectionStrings__{name}");

    private static string? TakeVariable(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
