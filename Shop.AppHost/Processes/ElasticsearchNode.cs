using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>
/// The folders of one node: its configuration, copied from the distribution, stands beside its data, so that the
/// distribution itself may be read-only and another user's.
/// </summary>
internal sealed class ElasticsearchNode(string home, string directory, UnprivilegedUser user)
{
    /// <summary>Lines of the distribution's JVM options that write into the folder it was unpacked to.</summary>
    private static readonly string[] LeftOut = ["Xlog:gc", "HeapDump", "ErrorFile"];

    private static readonly string Program =
        Path.Combine("bin", OperatingSystem.IsWindows() ? "elasticsearch.bat" : "elasticsearch");

    /// <exception cref="HostException">There is no Elasticsearch in that folder.</exception>
    public string[] Command => File.Exists(Path.Combine(home, Program))
        ? user.Command(Path.Combine(home, Program))
        : throw new HostException(
            $"{LocalElasticsearchExtensions.Setting}: there is no Elasticsearch in {home}: it has no {Program}.");

    public string Configuration => Path.Combine(directory, "conf");

    public string Temporary => Path.Combine(directory, "tmp");

    public async Task PrepareAsync(int port, CancellationToken cancellationToken)
    {
        foreach (var folder in (string[])["conf/jvm.options.d", "data", "logs", "tmp"])
            Directory.CreateDirectory(Path.Combine(directory, folder));

        foreach (var file in Directory.GetFiles(Path.Combine(home, "config")))
            File.Copy(file, Path.Combine(Configuration, Path.GetFileName(file)), overwrite: true);

        var options = Path.Combine(Configuration, "jvm.options");
        var lines = await File.ReadAllLinesAsync(options, cancellationToken);
        await File.WriteAllLinesAsync(
            options,
            lines.Where(line => !LeftOut.Any(word => line.Contains(word, StringComparison.Ordinal))),
            cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Configuration, "elasticsearch.yml"), $"""
            cluster.name: shop
            discovery.type: single-node
            network.host: 127.0.0.1
            http.port: {port}
            transport.port: 0
            path.data: {directory}/data
            path.logs: {directory}/logs
            xpack.security.enabled: false
            xpack.security.enrollment.enabled: false
            cluster.routing.allocation.disk.threshold_enabled: false
            """, cancellationToken);
        await user.OwnAsync(directory, cancellationToken);
    }
}
