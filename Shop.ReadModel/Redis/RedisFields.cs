using StackExchange.Redis;

namespace Shop.ReadModel.Redis;

/// <summary>
/// A hash for each document: its version, its text, and the epoch in which it was written. Only documents of the
/// current epoch count.
/// </summary>
internal static class RedisFields
{
    public const string CurrentEpoch = "shop:orders:epoch";
    public const string Version = "v";
    public const string Document = "d";
    public const string Epoch = "e";

    public static RedisKey Key(Guid id) => $"shop:order:{id:D}";
}
