using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shop.ServiceDefaults.Background;
using Shop.ServiceDefaults.Health;
using Shop.ServiceDefaults.Http;
using Shop.ServiceDefaults.Limits;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Problems;
using Shop.ServiceDefaults.Security;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.ServiceDefaults;

/// <summary>The setup that all services of Shop share.</summary>
public static class ServiceDefaultsExtensions
{
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            // A value may have any bytes above 0x7F (https://www.rfc-editor.org/rfc/rfc9110#name-field-values). Kestrel
            // answers 400 without a body where they are not UTF-8. No header that a service reads has such bytes.
            options.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<LoopServices>();
        builder.Services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<IdConstraint>("guid"));
        builder.AddTelemetry();
        builder.AddDefaultHealthChecks();
        builder.AddProblems();
        builder.AddSecurity();
        builder.AddCrossOrigin();
        builder.AddLimits();
        builder.Services.AddApiDocument();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>
    /// Adds the middleware and endpoints of <see cref="AddServiceDefaults"/>; call it before mapping others.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseCrossOrigin();
        app.UseProblems();
        app.UseMethods();
        app.UseSecurity();
        app.MapDefaultHealthChecks();
        app.MapApiDocument();
        return app;
    }
}
