using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Shop.Security.Tests;

/// <summary>
/// Requests without a valid token, or with the token of another role, on every route. <c>SHOP_HOSTILE_REQUESTS</c> is
/// their number.
/// </summary>
public sealed class HostileRequestTests(SecuredServices services) : IClassFixture<SecuredServices>
{
    private const int Parallel = 16;
    private static readonly string[] Roles = ["customer", "support", "operator", "service", "admin", "developer"];

    private static int Requests =>
        int.TryParse(
            Environment.GetEnvironmentVariable("SHOP_HOSTILE_REQUESTS"), CultureInfo.InvariantCulture, out var number)
            ? number
            : 2_000;

    [Fact]
    public async Task No_hostile_request_succeeds_or_makes_a_service_fail()
    {
        var attacks = Attacks().ToArray();
        Dictionary<string, int> unexpected = [];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, Math.Max(Requests, attacks.Length)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (i, cancellationToken) =>
            {
                var attack = attacks[i % attacks.Length];
                using var request = attack.Request();
                using var response = await attack.Client.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.StatusCode == attack.Expected)
                    return;
                lock (unexpected)
                    unexpected[$"{attack.Description}: {(int)response.StatusCode}"] = i;
            });

        Assert.Empty(unexpected.Keys);
    }

    [Theory]
    [InlineData(null, 401, "auth.required")]
    [InlineData("service", 403, "auth.forbidden")]
    public async Task A_refusal_is_a_problem_with_a_stable_code(string? role, int status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/search");
        if (role is not null)
            request.Headers.Authorization = new("Bearer", services.Authority.Token(role));

        using var response = await services.All["read API"].Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status == 401, response.Headers.WwwAuthenticate.Count > 0);
    }

    [Fact]
    public async Task A_customer_without_an_id_is_no_customer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/search");
        request.Headers.Authorization = new("Bearer", services.Authority.Token("customer"));

        using var response = await services.All["read API"].Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private IEnumerable<Attack> Attacks()
    {
        var customer = Guid.CreateVersion7();
        foreach (var (name, service) in services.All)
        {
            foreach (var endpoint in service.Endpoints)
            {
                if (endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Roles?.Split(',') is not { } allowed)
                    continue;

                foreach (var (what, token) in services.Authority.Invalid(allowed[0], customer))
                    yield return new(service.Client, endpoint, token, HttpStatusCode.Unauthorized, $"{name}, {what}");
                foreach (var role in Roles.Except(allowed))
                {
                    yield return new(
                        service.Client, endpoint, services.Authority.Token(role, customer), HttpStatusCode.Forbidden,
                        $"{name}, {role}");
                }
            }
        }
    }

    private sealed record Attack(
        HttpClient Client, RouteEndpoint Endpoint, string Token, HttpStatusCode Expected, string Who)
    {
        private string Method => Endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];

        private string Path
        {
            get
            {
                var segments = Endpoint.RoutePattern.PathSegments.Select(segment =>
                    segment.Parts[0].IsParameter ? $"{Guid.CreateVersion7()}" : $"{Text(segment)}");
                return "/" + string.Join('/', segments);
            }
        }

        public string Description => $"{Who}: {Method} {Endpoint.RoutePattern.RawText}";

        public HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(new HttpMethod(Method), Path);
            if (Method is "POST" or "PUT")
                request.Content = new StringContent("{}", MediaTypeHeaderValue.Parse("application/json"));
            if (Token.Length > 0)
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
            return request;
        }

        private static string Text(Microsoft.AspNetCore.Routing.Patterns.RoutePatternPathSegment segment) =>
            ((Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart)segment.Parts[0]).Content;
    }
}
