using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Shop.ServiceDefaults.Security;

namespace Shop.Security.Tests;

public sealed class RememberingTokenHandlerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _next = RSA.Create(2048);
    private readonly RememberingTokenHandler _handler;

    public RememberingTokenHandlerTests() => _handler = new(_time);

    [Fact]
    public async Task A_valid_token_is_validated_once_a_minute()
    {
        var token = Token(TimeSpan.FromHours(1));
        var first = await ValidateAsync(token, _rsa);

        Assert.True(first.IsValid);
        Assert.Same(first, await ValidateAsync(token, _rsa));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.NotSame(first, await ValidateAsync(token, _rsa));
    }

    [Fact]
    public async Task A_token_of_a_withdrawn_key_is_refused_after_a_minute()
    {
        var token = Token(TimeSpan.FromHours(1));
        Assert.True((await ValidateAsync(token, _rsa)).IsValid);

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.False((await ValidateAsync(token, _next)).IsValid);
    }

    [Fact]
    public async Task A_token_is_not_remembered_beyond_its_expiry()
    {
        var token = Token(TimeSpan.FromSeconds(20));
        Assert.True((await ValidateAsync(token, _rsa)).IsValid);

        _time.Advance(TimeSpan.FromSeconds(21));
        Assert.False((await ValidateAsync(token, _next)).IsValid);
    }

    [Fact]
    public async Task An_invalid_token_is_not_remembered()
    {
        var token = Token(TimeSpan.FromHours(1));
        Assert.False((await ValidateAsync(token, _next)).IsValid);
        Assert.True((await ValidateAsync(token, _rsa)).IsValid);
    }

    public void Dispose()
    {
        _handler.Dispose();
        _rsa.Dispose();
        _next.Dispose();
    }

    private string Token(TimeSpan lifetime) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Claims = new Dictionary<string, object> { ["sub"] = "duc" },
        Expires = (_time.GetUtcNow() + lifetime).UtcDateTime,
        SigningCredentials = new(new RsaSecurityKey(_rsa), SecurityAlgorithms.RsaSha256),
    });

    private Task<TokenValidationResult> ValidateAsync(string token, RSA key) =>
        _handler.ValidateTokenAsync(token, new()
        {
            ValidateAudience = false,
            ValidateIssuer = false,
            IssuerSigningKey = new RsaSecurityKey(key),
        });
}
