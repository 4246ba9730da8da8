using System.Globalization;
using System.Text;
using Shop.Contracts;

namespace Shop.Testing.Orders;

/// <summary>
/// Orders of a shop that sells to ten countries over two years: words, products and customers follow Zipf's law with a
/// long tail, about one customer to five orders. The order with a number is the same in every run, and later numbers
/// were placed later.
/// </summary>
public sealed class RealisticOrders
{
    private const int Products = 4_000;
    private const string NumberSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly string[] Brands = ["Nordlys", "Kestrel", "Acme", "Brightside", "Halden", "Mira", "Voltano", "Oakline", "Rivera", "Zenkai"];
    private static readonly DateTimeOffset First = new(2024, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Span = TimeSpan.FromDays(730);

    private readonly int _customers;
    private readonly OrderLine[] _products;

    public RealisticOrders(int orders)
    {
        (Count, _customers) = (orders, Math.Max(1, orders / 5));
        _products = [.. Enumerable.Range(0, Products).Select(Product)];
    }

    public int Count { get; }

    /// <summary>The end of the two years.</summary>
    public static DateTimeOffset Now => First + Span;

    public IEnumerable<OrderDocument> All => Enumerable.Range(0, Count).Select(Make);

    public OrderDocument Make(int number)
    {
        var random = new Random(Seed(number, 1));
        // The shop grows: the density of orders rises with time.
        var placedAt = First + (Span * Math.Pow((number + random.NextDouble()) / Count, 1 / 1.4));
        placedAt = placedAt.AddTicks(-(placedAt.Ticks % TimeSpan.TicksPerMillisecond));
        var (customer, address, locale) = Customer(Zipf(random, _customers, 1_000));
        OrderLine[] lines = [.. Enumerable.Range(0, LineCount(random)).Select(_ => Line(random, locale))];
        var status = Status(random, (Now - placedAt).TotalDays);
        var changes = status is OrderStatuses.Placed ? 1 : status is OrderStatuses.Paid or OrderStatuses.Cancelled ? 2 : status is OrderStatuses.Shipped ? 3 : 4;
        return new()
        {
            Id = Id(random, placedAt),
            Number = Number(random),
            Version = changes,
            Status = status,
            Customer = customer,
            Lines = lines,
            Total = new(lines.Sum(line => line.Quantity * line.UnitPrice.Amount), locale.Currency),
            ShippingAddress = random.NextDouble() < 0.92 ? address : Customer(Zipf(random, _customers, 1_000)).Address,
            Note = Note(random, locale),
            PlacedAt = placedAt,
            UpdatedAt = placedAt.AddHours(changes - 1),
            Timeline = [.. Enumerable.Range(1, changes).Select(version => new TimelineEntry(
                version == 1 ? "placed" : version == changes ? status : "paid", placedAt.AddHours(version - 1), version))],
        };
    }

    /// <summary>A word that customers, places, products or notes have, the frequent ones more often.</summary>
    public string AnyWord(Random random)
    {
        var locale = AnyLocale(random);
        return random.Next(4) switch
        {
            0 => Pick(random, locale.LastNames),
            1 => Pick(random, locale.Cities).Split(' ')[0],
            2 => Words(Pick(random, locale.Products).Name),
            _ => Words(_products[Zipf(random, Products, 20)].Name),
        };

        string Words(string name) => name.Split(' ').MaxBy(word => word.Length)!;
    }

    private static (OrderCustomer Customer, Address Address, Locale Locale) Customer(int number)
    {
        var random = new Random(Seed(number, 2));
        var locale = AnyLocale(random);
        var last = random.NextDouble() < 0.6 ? Pick(random, locale.LastNames) : Made(random, locale);
        var name = $"{Pick(random, locale.FirstNames)} {last}";
        var street = locale.Country is "GB" or "FR"
            ? $"{random.Next(1, 220)} {Pick(random, locale.Streets)}"
            : $"{Pick(random, locale.Streets)} {random.Next(1, 220)}";
        var address = new Address(
            random.NextDouble() < 0.9 ? name : $"{last} & {Made(random, locale)}", street,
            random.Next(10_000, 99_999).ToString(CultureInfo.InvariantCulture), Pick(random, locale.Cities), locale.Country);
        return (new(Id(random, First), name, $"{Made(random, locale).ToLowerInvariant()}{number}@example.com", locale.Country), address, locale);
    }

    private static OrderLine Product(int number)
    {
        var random = new Random(Seed(number, 3));
        var locale = AnyLocale(random);
        var (name, category) = locale.Products[number % locale.Products.Length];
        var brand = random.NextDouble() < 0.5 ? Pick(random, Brands) + " " : "";
        var model = random.NextDouble() < 0.3 ? $" {Brands[random.Next(Brands.Length)][..2].ToUpperInvariant()}{random.Next(10, 9_999)}" : "";
        var price = (long)(500 * Math.Exp(4 * random.NextDouble())) / 10 * 10;
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{category[..2].ToUpperInvariant()}-{number:00000}"),
            $"{brand}{name} {Pick(random, locale.Adjectives)}{model}", category, 1, new(price, locale.Currency));
    }

    private OrderLine Line(Random random, Locale locale)
    {
        var product = _products[Zipf(random, Products, 20)];
        var quantity = 1 + (int)(3 * Math.Pow(random.NextDouble(), 4));
        return product with { Quantity = quantity, UnitPrice = product.UnitPrice with { Currency = locale.Currency } };
    }

    private static string? Note(Random random, Locale locale) => random.NextDouble() switch
    {
        < 0.25 => Pick(random, locale.Notes),
        < 0.35 => $"{Pick(random, locale.Notes)}. {Made(random, locale)} {Made(random, locale)} {random.Next(1_000, 99_999)}",
        _ => null,
    };

    private static int LineCount(Random random) => random.NextDouble() switch { < 0.5 => 1, < 0.78 => 2, < 0.92 => 3, _ => 5 };

    private static string Status(Random random, double days) => (days, random.NextDouble()) switch
    {
        (_, < 0.06) => OrderStatuses.Cancelled,
        (_, < 0.09) => OrderStatuses.Refunded,
        ( < 1, < 0.5) => OrderStatuses.Placed,
        ( < 3, < 0.7) => OrderStatuses.Paid,
        ( < 10, < 0.8) => OrderStatuses.Shipped,
        _ => OrderStatuses.Delivered,
    };

    /// <summary>A word of the language's parts that no list has; there are tens of thousands.</summary>
    private static string Made(Random random, Locale locale)
    {
        var text = new StringBuilder();
        for (var parts = 2 + (random.NextDouble() < 0.4 ? 1 : 0); parts > 0; parts--)
            text.Append(locale.Syllables[random.Next(locale.Syllables.Length)]);
        return char.ToUpperInvariant(text[0]) + text.ToString(1, text.Length - 1);
    }

    private static Locale AnyLocale(Random random)
    {
        var at = random.NextDouble();
        foreach (var locale in Locale.All)
        {
            if ((at -= locale.Share) < 0)
                return locale;
        }

        return Locale.All[0];
    }

    private static T Pick<T>(Random random, T[] values) => values[Zipf(random, values.Length, 2)];

    /// <summary>A rank from 0: rank r is as frequent as 1 / (r + flat), which is Zipf's law with a flattened head.</summary>
    private static int Zipf(Random random, int count, double flat) =>
        Math.Min(count - 1, (int)((flat * Math.Pow((count + flat) / flat, random.NextDouble())) - flat));

    private static string Number(Random random) =>
        string.Create(10, random, (signs, random) => random.GetItems(NumberSigns, signs));

    private static Guid Id(Random random, DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(time).TryWriteBytes(bytes, bigEndian: true, out _);
        random.NextBytes(bytes[6..]);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new(bytes, bigEndian: true);
    }

    private static int Seed(int number, int kind) => unchecked((int)(((uint)number * 2_654_435_761) ^ ((uint)kind * 40_503)));
}
