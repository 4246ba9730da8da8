using System.Diagnostics;

namespace Shop.Bench.Hosting;

/// <summary>Processor time of running processes, by what stands in their command line.</summary>
internal static class CpuClock
{
    /// <summary>User and system time so far of every process whose command line holds <paramref name="text"/>.</summary>
    public static TimeSpan Of(string text)
    {
        var total = TimeSpan.Zero;
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (CommandLine(process.Id).Contains(text, StringComparison.Ordinal))
                    total += process.TotalProcessorTime;
            }
        }

        return total;
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
