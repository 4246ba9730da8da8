using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Idempotency;

/// <summary>
/// The Idempotency-Key of a request (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/) and
/// a hash of what was asked with it.
/// </summary>
internal sealed record IdempotencyKey(string Value, byte[] RequestHash)
{
    public const string Header = "Idempotency-Key";

    private static readonly SearchValues<char> Printable =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <returns>Null where the caller gave none.</returns>
    public static IdempotencyKey? Read(HttpRequest request, ReadOnlySequence<byte> body)
    {
        if (!request.Headers.TryGetValue(Header, out var given))
            return null;
        if (given is not [{ Length: > 0 and <= Limits.IdempotencyKey } key]
            || key.AsSpan().ContainsAnyExcept(Printable))
        {
            throw RefusedException.Invalid(
                Header, $"Must be one value of 1 to {Limits.IdempotencyKey} printable ASCII characters, no spaces.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        foreach (var part in body)
            hash.AppendData(part.Span);
        return new IdempotencyKey(key, hash.GetHashAndReset());
    }
}

/// <summary>An answer to be kept under its key, in the transaction of the command.</summary>
internal sealed record KeptAnswer(IdempotencyKey Key, Answer Answer, DateTimeOffset CreatedAt);

/// <summary>The key is taken: another request with it was first, perhaps this very moment.</summary>
internal sealed class KeyTakenException : Exception;
