using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace Shop.ReadApi.Orders;

/// <summary>The configuration section <c>Queries</c>.</summary>
internal sealed class QueryOptions
{
    /// <summary>
    /// The maximum duration of a request, including the wait for a version and all queries to the store. Live streams
    /// and exports have their own limits.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);
}

internal static class QueryTime
{
    public static void AddQueryTime(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<QueryOptions>()
            .BindConfiguration("Queries").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<QueryOptions>>((timeouts, options) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = options.Value.Timeout,
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = context =>
                {
                    context.RequestAborted = CancellationToken.None; // The timeout has cancelled the original token.
                    return ReadProblems.TooSlow(context.Response, options.Value.Timeout).ExecuteAsync(context);
                },
            });
    }

    public static void UseQueryTime(this WebApplication app) => app.UseRequestTimeouts();
}
