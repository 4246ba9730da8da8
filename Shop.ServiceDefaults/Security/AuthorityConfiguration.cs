using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Shop.ServiceDefaults.Security;

/// <summary>
/// The authority's configuration with its keys. While they are not known, the library's manager lets every request make
/// an attempt of its own, one after another. Here all share one attempt, and after a failure no request waits: the next
/// attempt runs in the background.
/// </summary>
internal sealed class AuthorityConfiguration(IConfigurationManager<OpenIdConnectConfiguration> manager, TimeProvider time)
    : IConfigurationManager<OpenIdConnectConfiguration>
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<OpenIdConnectConfiguration>? _attempt;
    private Exception? _failure;
    private long _failedAt;

    /// <exception cref="AuthorityUnavailableException">The authority does not respond.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        Exception? failure;
        Task<OpenIdConnectConfiguration> attempt;
        lock (_lock)
        {
            failure = _failure;
            if (_attempt is null
                || (_attempt.IsCompleted && (failure is null || time.GetElapsedTime(_failedAt) >= RetryDelay)))
            {
                _attempt = AttemptAsync();
            }

            attempt = _attempt;
        }

        if (failure is not null && !attempt.IsCompletedSuccessfully)
            throw new AuthorityUnavailableException(failure);
        return await attempt.WaitAsync(cancel);
    }

    public void RequestRefresh() => manager.RequestRefresh();

    private async Task<OpenIdConnectConfiguration> AttemptAsync()
    {
        try
        {
            var configuration = await manager.GetConfigurationAsync(CancellationToken.None);
            lock (_lock)
                _failure = null;
            return configuration;
        }
#pragma warning disable CA1031 // Callers get the same response whatever the reason is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_lock)
                (_failure, _failedAt) = (exception, time.GetTimestamp());
            throw new AuthorityUnavailableException(exception);
        }
    }
}

/// <summary>The authority's keys cannot be read.</summary>
internal sealed class AuthorityUnavailableException(Exception inner) : Exception(inner.Message, inner);
