using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>A live stream selects orders as a search does.</summary>
public abstract class OrderMatcherContract(IOrderStores stores)
{
    private static readonly string[] Words =
        ["wi", "fi", "wifi", "Wi-Fi", "red", "Red", "bull", "redbull", "500ml", "500", "ml", "Schlüter", "Schlueter",
            "Straße", "strasse", "o'brien", "obrien", "WH-1000XM4", "wh1000", "東京", "京", "a@example.com", "SKU-1", "3m",
            "030", "1234567", "030/1234567", "+49 30 1234-567"];

    [SkippableFact]
    public async Task Any_search_finds_the_orders_that_match_alone()
    {
        var store = await stores.CreateAsync();
        var random = new Random(3);
        OrderDocument[] orders = [.. Enumerable.Range(0, 60).Select(_ => Any(random))];
        await store.ApplyAsync(orders);
        AnalyzedOrder[] analyzed = [.. orders.Select(order => new AnalyzedOrder(new(SerializedOrder.From(order).Json)))];

        for (var i = 0; i < 150; i++)
        {
            var query = AnyQuery(random, orders);
            var found = (await store.SearchAsync(query)).Orders.Select(order => order.Document.Id).Order();

            var matcher = new OrderMatcher(query);
            Assert.Equal(found, analyzed.Where(matcher.Matches).Select(order => order.Order.Document.Id).Order());
        }
    }

    private static OrderDocument Any(Random random) => Orders.New(order => order with
    {
        Status = random.GetItems([.. OrderStatuses.All], 1)[0],
        Customer = order.Customer with { Name = Text(random), Email = "a@example.com" },
        Lines = [Orders.Line(Text(random), $"SKU-{random.Next(4)}", random.Next(2) == 0 ? "Lighting" : "Furniture")],
        Note = random.Next(2) == 0 ? Text(random) : null,
        Total = new(random.Next(100), random.Next(2) == 0 ? "EUR" : "USD"),
    });

    private static OrderQuery AnyQuery(Random random, OrderDocument[] orders)
    {
        var one = orders[random.Next(orders.Length)];
        var text = random.Next(4) switch
        {
            0 => $"\"{Text(random)}\"",
            1 => $"{Text(random)} -{Words[random.Next(Words.Length)]}",
            2 => $"{one.Number} ",
            _ => Text(random),
        };
        return new()
        {
            Scope = random.Next(8) == 0 ? CallerScope.Of(one.Customer.Id) : CallerScope.Everything,
            Size = 100,
            Text = SearchTextParser.Parse(random.Next(5) == 0 ? "" : text, out _),
            Filters = OrderFilters.None with
            {
                Statuses = random.Next(3) == 0 ? ["paid", one.Status] : [],
                CustomerIds = random.Next(8) == 0 ? [one.Customer.Id] : [],
                Skus = random.Next(6) == 0 ? ["SKU-1", "SKU-2"] : [],
                Categories = random.Next(6) == 0 ? ["Lighting"] : [],
                Currencies = random.Next(6) == 0 ? ["USD"] : [],
                PlacedFrom = random.Next(6) == 0 ? one.PlacedAt : null,
                PlacedBefore = random.Next(6) == 0 ? one.PlacedAt : null,
                TotalFrom = random.Next(6) == 0 ? one.Total.Amount : null,
                TotalTo = random.Next(6) == 0 ? one.Total.Amount : null,
            },
        };
    }

    private static string Text(Random random) => string.Join(' ', random.GetItems(Words, random.Next(1, 4)));
}
