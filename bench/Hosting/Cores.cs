using System.Diagnostics;
using System.Globalization;

namespace Shop.Bench.Hosting;

/// <summary>Gives processes cores of their own, so that they do not take processor time from others.</summary>
internal static class Cores
{
    /// <summary>Pins a process with its threads, and the processes that it has started and will start.</summary>
    /// <param name="cores">The numbers of the cores, such as <c>0,1</c>.</param>
    public static void Pin(int process, string cores)
    {
        foreach (var id in CpuClock.Tree(process))
        {
            using var command = Process.Start(new ProcessStartInfo(
                "taskset", ["--all-tasks", "--cpu-list", "--pid", cores, id.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            // A process that has ended meanwhile is an error, which does not matter.
            command.WaitForExit();
        }
    }
}
