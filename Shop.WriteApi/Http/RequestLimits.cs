namespace Shop.WriteApi.Http;

/// <summary>What a request may hold, whatever it is about. The README lists these limits.</summary>
internal static class RequestLimits
{
    /// <summary>Bytes of a request's body, and of one line of an import.</summary>
    public const int Body = 256 * 1024;

    /// <summary>Nested levels of JSON.</summary>
    public const int Depth = 16;

    public const int IdempotencyKey = 255;

    /// <summary>Ids in one request for order documents.</summary>
    public const int Ids = 1_000;

    /// <summary>How long a request may take, including its body. Imports and streams have no limit.</summary>
    public static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(15);
}
