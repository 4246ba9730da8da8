using System.ComponentModel.DataAnnotations;
using Shop.Contracts;

namespace Shop.WriteApi.Outbox;

/// <summary>Section <c>Relay</c>.</summary>
internal sealed class RelayOptions
{
    /// <summary>Whether this process relays; another replica of the service may.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The replication slot; by default <c>shop_relay_</c> and the database's name.</summary>
    public string? Slot { get; set; }

    [Required]
    public string Publication { get; set; } = "shop_outbox";

    [Required]
    public string Topic { get; set; } = Topics.Orders;

    /// <summary>Messages that may wait for the broker's acknowledgement; reading stops there.</summary>
    [Range(1, 1_000_000)]
    public int MaxInFlight { get; set; } = 10_000;

    /// <summary>The least time between two status updates to the database.</summary>
    public TimeSpan ConfirmInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the relay publishes a heartbeat to every partition.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the relay waits after a failure, and a standby before it tries for the slot again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long published rows are kept.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan PruneInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows that one statement deletes.</summary>
    [Range(1, 100_000)]
    public int PruneBatch { get; set; } = 5_000;

    public TimeSpan LagInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The lag above which the service says that it is unhealthy.</summary>
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(30);
}
