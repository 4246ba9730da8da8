using System.Globalization;

namespace Shop.LocalServers.Machines;

/// <summary>Finds the program that listens on a port.</summary>
public static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>Text for messages, such as "node (process 4711)".</summary>
    public static string Describe(int port)
    {
        var sockets = OperatingSystem.IsLinux() ? Sockets(port) : [];
        foreach (var process in sockets.Count > 0 ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(process), out var id) && Holds(process, sockets))
                return $"{Name(process)} (process {id})";
        }

        return "another program";
    }

    /// <summary>The listening sockets of a port, named as in the links in /proc (Linux, proc_net_tcp.txt).</summary>
    private static HashSet<string> Sockets(int port)
    {
        var suffix = port.ToString("X4", CultureInfo.InvariantCulture);
        return ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(line => line.Length > 9 && line[3] == Listening && line[1].Split(':')[^1] == suffix)
            .Select(line => $"socket:[{line[9]}]")
            .ToHashSet();
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false) is { } link && sockets.Contains(link.Name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // The process has ended, or belongs to another user.
        }
    }

    private static string Name(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (IOException)
        {
            return "a program";
        }
    }
}
