using System.ComponentModel.DataAnnotations;
using Shop.Contracts;

namespace Shop.WriteApi.Outbox;

/// <summary>Section <c>Relay</c>.</summary>
internal sealed class RelayOptions
{
    /// <summary>Whether this replica may relay.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The replication slot. By default <c>shop_relay_</c> and the database's name.</summary>
    public string? Slot { get; set; }

    [Required]
    public string Publication { get; set; } = "shop_outbox";

    [Required]
    public string Topic { get; set; } = Topics.Orders;

    /// <summary>How many messages may wait for the broker's acknowledgement before reading stops.</summary>
    [Range(1, 1_000_000)]
    public int MaxInFlight { get; set; } = 10_000;

    /// <summary>The shortest time between two confirmations to the database.</summary>
    public TimeSpan ConfirmInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the relay publishes a heartbeat to every partition.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The delay after a failure, and before a standby tries to take the slot again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long published rows are kept, from the event's time on. An imported order's events have the time of the
    /// original, so that their rows are kept only until they are published.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan PruneInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many rows one statement reads or deletes.</summary>
    [Range(1, 100_000)]
    public int PruneBatch { get; set; } = 5_000;

    /// <summary>How often the slot's position is observed.</summary>
    public TimeSpan LagInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The lag above which <c>/health/lag</c> responds 503.</summary>
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(30);
}
