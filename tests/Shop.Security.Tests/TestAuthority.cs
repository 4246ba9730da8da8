using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shop.Security.Tests;

/// <summary>An OpenID Connect authority that issues every token that a test asks for, valid or not.</summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    private const string Audience = "shop";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly RSA _other = RSA.Create(2048);
    private RSA _rsa = RSA.Create(2048);
    private RsaSecurityKey _key;
    private WebApplication _app = null!;

    private TestAuthority() => _key = new RsaSecurityKey(_rsa) { KeyId = "test" };

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public string Address { get; private set; } = "http://127.0.0.1:0";

    /// <summary>Whether requests are accepted and never answered.</summary>
    public bool IsHanging { get; set; }

    public static async Task<TestAuthority> StartAsync()
    {
        var authority = new TestAuthority();
        await authority.StartAgainAsync();
        return authority;
    }

    /// <summary>Starts after a stop, at the same address.</summary>
    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Address);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Use((context, next) =>
            IsHanging ? Task.Delay(Timeout.Infinite, context.RequestAborted) : next(context));
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = Address,
            ["jwks_uri"] = $"{Address}/jwks",
        }));
        _app.MapGet("/jwks", () => Results.Text(PublicKeys(), "application/json"));
        await _app.StartAsync();
        Address = _app.Urls.First();
    }

    public async Task StopAsync() => await _app.DisposeAsync();

    /// <summary>Replaces the key. Tokens that were signed with the previous one have no key any more.</summary>
    public void ChangeKey()
    {
        _rsa.Dispose();
        _rsa = RSA.Create(2048);
        _key = new RsaSecurityKey(_rsa) { KeyId = $"{Guid.CreateVersion7():N}" };
    }

    public string Token(string role, Guid? customer = null, string? subject = null) =>
        Create(Describe(role, customer, subject));

    /// <summary>Tokens that look like a valid one, and are not, by what is wrong with them.</summary>
    public IReadOnlyDictionary<string, string> Invalid(string role, Guid customer)
    {
        var (now, valid) = (Now, Token(role, customer));
        var parts = valid.Split('.');
        return new Dictionary<string, string>
        {
            ["another key"] = Create(Describe(role, customer) with { Key = new RsaSecurityKey(_other) { KeyId = "test" } }),
            ["an unknown key"] = Create(Describe(role, customer) with { Key = new RsaSecurityKey(_other) { KeyId = "x" } }),
            ["expired"] = Create(Describe(role, customer) with { From = now.AddHours(-2), Until = now.AddHours(-1) }),
            ["not yet valid"] = Create(Describe(role, customer) with { From = now.AddHours(1), Until = now.AddHours(2) }),
            ["another audience"] = Create(Describe(role, customer) with { Audience = "somebody-else" }),
            ["another issuer"] = Create(Describe(role, customer) with { Issuer = "https://issuer.example" }),
            ["no subject"] = Create(Describe(role, customer, subject: "")),
            ["alg none"] = $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["changed claims"] = $"{parts[0]}.{Encode(Payload(parts[1]).Replace(role, "operator-support", StringComparison.Ordinal))}.{parts[2]}",
            ["the public key as a secret"] = Create(Describe(role, customer) with { Key = PublicKeyAsSecret() }),
            ["no token"] = "",
            ["not a token"] = "eyJ.eyJ.x",
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
        _other.Dispose();
    }

    private TokenDescription Describe(string role, Guid? customer, string? subject = null) => new(
        _key, Address, Audience, role, customer, subject ?? $"{role}-{customer}", Now.AddMinutes(-1),
        Now.AddHours(1));

    private static string Create(TokenDescription token)
    {
        var claims = new Dictionary<string, object> { ["role"] = token.Role, ["sub"] = token.Subject };
        if (token.Customer is { } customer)
            claims["customer_id"] = customer.ToString("D");
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = token.Issuer,
            Audience = token.Audience,
            NotBefore = token.From,
            Expires = token.Until,
            Claims = claims,
            SigningCredentials = new(
                token.Key,
                token.Key is SymmetricSecurityKey ? SecurityAlgorithms.HmacSha256 : SecurityAlgorithms.RsaSha256),
        });
    }

    private SymmetricSecurityKey PublicKeyAsSecret() =>
        new(Encoding.UTF8.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = "test" };

    private string PublicKeys()
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(
            new RsaSecurityKey(_rsa.ExportParameters(includePrivateParameters: false)));
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{_key.KeyId}}","n":"{{key.N}}","e":"{{key.E}}"}]}""";
    }

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);

    private static string Payload(string part) => Base64UrlEncoder.Decode(part);

    private sealed record TokenDescription(
        SecurityKey Key, string Issuer, string Audience, string Role, Guid? Customer, string Subject, DateTime From,
        DateTime Until);
}
