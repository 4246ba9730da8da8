using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.ServiceDefaults.Background;

namespace Shop.ReadModel.Tests;

/// <summary>What background loops need, outside of a host.</summary>
internal static class Loops
{
    public static LoopServices Services { get; } = new(
        TimeProvider.System,
        NullLoggerFactory.Instance,
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
