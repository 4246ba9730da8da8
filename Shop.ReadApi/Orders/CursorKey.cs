using System.Text;

namespace Shop.ReadApi.Orders;

/// <summary>The key that signs cursors, from <c>Cursors:Key</c>. All instances of the read API share it.</summary>
internal static class CursorKey
{
    public const string Setting = "Cursors:Key";

    private const string DevelopmentKey = "Shop.ReadApi";
    private const int MinBytes = 32;

    /// <exception cref="InvalidOperationException">There is no key, or no safe one, outside of Development.</exception>
    public static byte[] Read(IHostApplicationBuilder builder)
    {
        var key = Encoding.UTF8.GetBytes(builder.Configuration[Setting] ?? "");
        if (key.Length >= MinBytes)
            return key;
        if (!builder.Environment.IsDevelopment())
        {
            throw new InvalidOperationException(
                $"{Setting} must be a secret of at least {MinBytes} bytes outside of Development: it signs the cursors "
                + "of searches. Set the same value for every instance of the read API.");
        }

        return key.Length > 0 ? key : Encoding.UTF8.GetBytes(DevelopmentKey);
    }
}
