using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Shop.ServiceDefaults.Security;

namespace Shop.WriteApi.Http;

/// <summary>
/// The Idempotency-Key of a request (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/) and
/// the SHA-256 of its method, path and body, which tells a repeated request from another one with the same key.
/// </summary>
/// <param name="Value">
/// The SHA-256 of the caller's subject and the key, so that a key of somebody else's is another key.
/// </param>
internal sealed record IdempotencyKey(string Value, byte[] RequestHash)
{
    public const string Header = "Idempotency-Key";

    private static readonly SearchValues<char> Printable =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <returns>Null if the request has no key.</returns>
    public static IdempotencyKey? Read(HttpRequest request, Caller caller, ReadOnlySequence<byte> body)
    {
        if (!request.Headers.TryGetValue(Header, out var given))
            return null;
        if (given is not [{ Length: > 0 and <= RequestLimits.IdempotencyKey } key]
            || key.AsSpan().ContainsAnyExcept(Printable))
        {
            throw RefusedException.Invalid(
                Header,
                $"Must be one value of 1 to {RequestLimits.IdempotencyKey} printable ASCII characters without spaces.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        foreach (var part in body)
            hash.AppendData(part.Span);
        return new IdempotencyKey(Of(caller.Subject, key), hash.GetHashAndReset());
    }

    // A key has no blank, so no other subject and key make the same text.
    public static string Of(string subject, string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject} {key}")));
}
