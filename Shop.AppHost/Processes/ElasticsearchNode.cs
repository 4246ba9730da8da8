using Microsoft.Extensions.Configuration;
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

    public string Configuration => Path.Combine(directory, "conf");

    public string Temporary => Path.Combine(directory, "tmp");

    /// <summary>The distribution's own Java, else the one that <c>JAVA_HOME</c> or the path names.</summary>
    /// <exception cref="HostException">There is none.</exception>
    public static string FindJava(string home, IConfiguration configuration)
    {
        var folders = configuration["PATH"]?.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "java")) ?? [];
        var onPath = folders.FirstOrDefault(File.Exists);
        var program = onPath is null ? null : File.ResolveLinkTarget(onPath, returnFinalTarget: true)?.FullName ?? onPath;
        var ofPath = Path.GetDirectoryName(Path.GetDirectoryName(program));
        return new[] { Path.Combine(home, "jdk"), configuration["JAVA_HOME"], ofPath }
            .FirstOrDefault(folder => folder is { Length: > 0 } && Directory.Exists(Path.Combine(folder, "bin")))
            ?? throw new HostException($"The Elasticsearch in {home} has no Java of its own: set JAVA_HOME.");
    }

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
