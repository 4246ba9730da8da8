using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Limits;

/// <summary>The configuration section <c>Limits</c>.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Of one caller with a token, whatever address it comes from.</summary>
    [ValidateObjectMembers]
    public RequestRate PerIdentity { get; set; } = new() { RequestsPerSecond = 200, Burst = 1_000 };

    /// <summary>Of one address with or without tokens. Of IPv6 the network counts: one caller has all of its addresses.</summary>
    [ValidateObjectMembers]
    public RequestRate PerAddress { get; set; } = new() { RequestsPerSecond = 500, Burst = 2_000 };

    /// <summary>
    /// Whether requests from this machine count too. Behind a proxy on this machine they come from there: set
    /// <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>, so that the caller's address counts.
    /// </summary>
    public bool IncludeLoopback { get; set; }
}

public sealed class RequestRate
{
    [Range(0.001, 1_000_000)]
    public double RequestsPerSecond { get; set; }

    /// <summary>Requests at once after a quiet time.</summary>
    [Range(1, 10_000_000)]
    public int Burst { get; set; }
}

[OptionsValidator]
public sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
