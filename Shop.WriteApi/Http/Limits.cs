namespace Shop.WriteApi.Http;

/// <summary>What a request may hold; the README's table is compared with these.</summary>
internal static class Limits
{
    /// <summary>Bytes of a request's body, and of one line of an import.</summary>
    public const int Body = 256 * 1024;

    /// <summary>How long a request may take, its body included; imports and streams take what they need.</summary>
    public static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(15);

    /// <summary>Levels of JSON.</summary>
    public const int Depth = 16;

    public const int Lines = 200;
    public const int Quantity = 10_000;

    /// <summary>Minor units of a price or an order's total: 15 digits, which every JSON reader keeps exactly.</summary>
    public const long Amount = 999_999_999_999_999;

    public const int Sku = 64;
    public const int Name = 200;
    public const int Category = 100;
    public const int Email = 254;
    public const int Country = 2;
    public const int Currency = 3;
    public const int Street = 200;
    public const int PostalCode = 20;
    public const int City = 100;
    public const int Note = 2_000;
    public const int Reason = 500;
    public const int Method = 50;
    public const int Reference = 100;
    public const int Carrier = 100;
    public const int TrackingNumber = 100;
    public const int IdempotencyKey = 255;
    public const int ImportKey = 200;

    /// <summary>Ids in one request for states.</summary>
    public const int Ids = 1_000;

    /// <summary>Products in one answer.</summary>
    public const int Products = 1_000;
}
