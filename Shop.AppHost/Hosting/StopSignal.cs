using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Shop.AppHost.Hosting;

/// <summary>
/// Ctrl-C and SIGTERM, from the first moment on: by default they end the process at once and leave a download running.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private IHostApplicationLifetime? _lifetime;

    public StopSignal() =>
        _registrations = Array.ConvertAll([PosixSignal.SIGINT, PosixSignal.SIGTERM], Register);

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the host is stopped before everything was started.</summary>
    public bool IsEarly => _lifetime is null
        ? Token.IsCancellationRequested
        : _lifetime.ApplicationStopping.IsCancellationRequested && !_lifetime.ApplicationStarted.IsCancellationRequested;

    /// <summary>Makes the signals stop an application, at once if there was one.</summary>
    public void Stop(IHostApplicationLifetime lifetime)
    {
        _lifetime = lifetime;
        Token.UnsafeRegister(_ => lifetime.StopApplication(), null);
    }

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _source.Cancel();
    });
}
