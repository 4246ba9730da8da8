using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Problems;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Database;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Import;

/// <summary>
/// Handles one import, from its first line to its last outcome. If it fails after outcomes were given, the last line of
/// the response says so: a status cannot any more, and a connection that breaks says nothing. It ends early, too, when
/// the service stops.
/// </summary>
internal sealed partial class ImportRequest(
    OrderImport import, IOptions<ImportOptions> options, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<ImportRequest> logger)
{
    /// <summary>
    /// How long a client has for reading its outcomes when the service stops, and then for ending its body.
    /// </summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long the connection stays open after the last line when the service stops.</summary>
    private static readonly TimeSpan StopLinger = TimeSpan.FromSeconds(1);

    private readonly ImportOptions _options = options.Value;

    public async Task HandleAsync(HttpContext http)
    {
        // A body has any size, and its client may pause while it waits for outcomes. ImportOptions limit the pause.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        http.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        using var spool = new OutcomeSpool(_options);
        try
        {
            await RunAsync(http, spool);
        }
        catch (ClientStalledException exception)
        {
            Log.Stalled(logger, exception.Message);
            http.Abort();
        }
        catch (OperationCanceledException) when (IsStopping)
        {
            Refuse(http);
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            Log.Stalled(logger, "The client has disconnected.");
        }
    }

    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    private static void Refuse(HttpContext http)
    {
        _ = CloseLaterAsync(http);
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.ContentType = null;
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "1";
    }

    private async Task RunAsync(HttpContext http, OutcomeSpool spool)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        await using var stop = lifetime.ApplicationStopping.Register(() => ending.CancelAfter(StopPatience));
        http.Response.ContentType = Ndjson.ContentType;
        var sending = spool.SendAsync(http.Response.BodyWriter, ending.Token);
        try
        {
            await ImportAsync(http, spool, ending.Token);
            await spool.CompleteAsync(sending, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ImportAsync(HttpContext http, OutcomeSpool spool, CancellationToken cancellationToken)
    {
        var lines = new NdjsonReader(http.Request.BodyReader);
        var by = Caller.Of(http.User).ToActor();
        using var importing = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, lifetime.ApplicationStopping);
        try
        {
            var session = new ImportSession(import, lines, spool, by, _options.StallTimeout, clock);
            await session.RunAsync(importing.Token);
        }
        catch (Exception exception) when (
            !spool.IsUnused && !cancellationToken.IsCancellationRequested && (IsStopping || !IsOfClient(exception)))
        {
            if (IsStopping)
                Log.Stopped(logger);
            else if (DatabaseErrors.IsUnavailable(exception))
                Log.Interrupted(logger, exception.Message);
            else
                Log.Failed(logger, exception);
            var outcome = new ArrayBufferWriter<byte>();
            Ndjson.Write(outcome, ImportOutcome.Failed(Describe(exception)), ImportJson.Wire.ImportOutcome);
            await spool.AddLastAsync(outcome.WrittenSpan.ToArray(), cancellationToken);
            await DiscardAsync(http, lines, cancellationToken);
        }
    }

    // Most clients read after they have written everything, and drop what they have not read when the connection closes,
    // which it does after the last request of a service that stops.
    private async Task DiscardAsync(HttpContext http, NdjsonReader lines, CancellationToken cancellationToken)
    {
        if (!IsStopping)
        {
            await lines.DiscardAsync(_options.StallTimeout, cancellationToken);
            return;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(StopLinger);
        try
        {
            await lines.DiscardAsync(StopLinger, enough.Token);
        }
        catch (Exception exception) when (
            exception is OperationCanceledException or ClientStalledException && !cancellationToken.IsCancellationRequested)
        {
            // The response ends with what the client has read until now.
            _ = CloseLaterAsync(http);
        }
    }

    // Over HTTP/2 Kestrel waits for the end of a request's body after the response has ended. When it stops, its clock
    // stands still, so that it would wait until the host's shutdown timeout. Other requests of the connection may end.
    private static async Task CloseLaterAsync(HttpContext http)
    {
        var connection = http.Features.Get<IConnectionLifetimeFeature>();
        await Task.Delay(StopPatience);
        connection?.Abort();
    }

    private static bool IsOfClient(Exception exception) =>
        exception is OperationCanceledException or ClientStalledException or BadHttpRequestException;

    private string Describe(Exception exception) => exception switch
    {
        _ when IsStopping =>
            $"{ProblemCodes.Unavailable}: The service stops. Repeat the import later. Existing orders are answered with "
            + "'exists'.",
        SpoolException =>
            $"{ProblemCodes.Unavailable}: The service has no space for outcomes that were not read. Read them while you "
            + "write, or repeat the import in parts. Existing orders are answered with 'exists'.",
        _ when DatabaseErrors.IsDiskFull(exception) =>
            $"{ProblemCodes.Unavailable}: The write database has no disk space left. Repeat the import when it has. "
            + "Existing orders are answered with 'exists'.",
        _ when DatabaseErrors.IsUnavailable(exception) =>
            $"{ProblemCodes.Unavailable}: The write database is not available. Repeat the import later. Existing orders "
            + "are answered with 'exists'.",
        _ =>
            $"{ProblemCodes.Failed}: The service failed to handle the rest. Its log has the trace id "
            + $"{Activity.Current?.TraceId}. Existing orders are answered with 'exists'.",
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "An import was given up: {Reason}")]
        public static partial void Stalled(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "An import ended early, because the service stops")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "An import ended early, because the write database is not available: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "An import failed after some of its lines")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
