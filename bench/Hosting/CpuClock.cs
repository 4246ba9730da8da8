using System.Diagnostics;
using System.Globalization;

namespace Shop.Bench.Hosting;

/// <summary>Processor time and memory of running processes, from <c>/proc</c>.</summary>
internal static class CpuClock
{
    /// <summary>The process that runs this file.</summary>
    public static int ProcessOf(string executable) =>
        All().Single(id => string.Equals(Target(id), executable, StringComparison.Ordinal));

    /// <summary>User and system time so far of a process.</summary>
    /// <remarks>Fields 14 and 15 of proc(5), in ticks of 10 ms; the array begins with field 3.</remarks>
    public static TimeSpan Of(int id) => Stat(id) is { } fields
        ? TimeSpan.FromMilliseconds(10 * (Number(fields[11]) + Number(fields[12])))
        : TimeSpan.Zero;

    /// <summary>User and system time so far of a process and of all that it started, also of those that have ended.</summary>
    /// <remarks>Fields 16 and 17 of proc(5) are the time of children that have ended.</remarks>
    public static TimeSpan OfTree(int root)
    {
        var total = Of(root);
        if (Stat(root) is { } ended)
            total += TimeSpan.FromMilliseconds(10 * (Number(ended[13]) + Number(ended[14])));
        foreach (var id in Tree(root).Skip(1))
            total += Of(id);
        return total;
    }

    /// <summary>A process and those that it started and that still run.</summary>
    public static IEnumerable<int> Tree(int root) => [root, .. All().Where(id => Parent(id) == root)];

    /// <summary>User and system time so far of all that runs on the machine, in all of its processors together.</summary>
    public static TimeSpan OfMachine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromMilliseconds(10 * (Number(fields[1]) + Number(fields[2]) + Number(fields[3])));
    }

    /// <summary>Resident memory in MiB.</summary>
    public static double Memory(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.WorkingSet64 / 1024.0 / 1024.0;
    }

    /// <summary>The highest resident memory in MiB since the start or the last reset.</summary>
    public static double PeakMemory(int id)
    {
        const string Peak = "VmHWM:";
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(Peak, StringComparison.Ordinal));
        return Number(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) / 1024.0;
    }

    /// <remarks>See proc(5), clear_refs.</remarks>
    public static void ResetPeakMemory(int id) => File.WriteAllText($"/proc/{id}/clear_refs", "5");

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    private static string? Target(int id)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{id}/exe", returnFinalTarget: false)?.FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // It ended meanwhile, or is none of ours.
        }
    }

    private static int Parent(int id) => Stat(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
