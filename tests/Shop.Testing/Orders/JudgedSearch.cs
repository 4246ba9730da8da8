using System.Globalization;
using System.Text.RegularExpressions;
using Shop.Contracts;

namespace Shop.Testing.Orders;

/// <summary>
/// A search with a rule that grades orders for it, from <c>judged-searches.tsv</c>: 3 if the order has what is meant
/// where it is meant, 2 if in part or in the next likely place, 1 if the words are anywhere else, 0 if it lacks one. Grades 2
/// and 3 are one higher for an order of the last 60 days, because a support desk mostly asks about recent orders.
/// </summary>
/// <param name="Conditions">
/// For grade 3, 2 and 1: alternatives with <c>|</c>, of parts with <c>+</c>, each a field and words that it has next to
/// each other; the last one may begin with them if it ends with <c>*</c>.
/// </param>
public sealed partial record JudgedSearch(string Kind, string Query, IReadOnlyList<string> Conditions)
{
    private const int Depth = 10;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(60);

    public static IReadOnlyList<JudgedSearch> Read(IReadOnlyList<OrderDocument> orders)
    {
        using var stream = typeof(JudgedSearch).Assembly.GetManifestResourceStream("judged-searches.tsv")!;
        using var lines = new StreamReader(stream);
        return
        [
            .. lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => OfOrder().Replace(line, match => Value(orders, match)).Split('\t'))
                .Select(cells => new JudgedSearch(cells[0], cells[1], cells[2..])),
        ];
    }

    /// <summary>The gain of the ten first orders, discounted by position, as a share of the greatest possible one.</summary>
    /// <param name="grades">The grade of every order.</param>
    /// <param name="found">The orders that the search lists, best first.</param>
    public static double Ndcg(IReadOnlyDictionary<Guid, int> grades, IEnumerable<Guid> found)
    {
        var ideal = Gain(grades.Values.OrderDescending());
        return ideal > 0
            ? Gain(found.Select(id => grades[id])) / ideal
            : throw new ArgumentException("No order has a grade for this search.", nameof(grades));

        static double Gain(IEnumerable<int> grades) =>
            grades.Take(Depth).Select((grade, i) => (Math.Pow(2, grade) - 1) / Math.Log2(i + 2)).Sum();
    }

    public Dictionary<Guid, int> Grades(IEnumerable<JudgedOrder> orders)
    {
        var conditions = Conditions.Select(condition => condition.Split('|')
            .Select(either => either.Split('+').Select(Part).ToArray()).ToArray()).ToArray();
        return orders.ToDictionary(order => order.Id, order => Grade(order, conditions));
    }

    private static int Grade(JudgedOrder order, (string Field, string Words)[][][] conditions)
    {
        var met = Array.FindIndex(
            conditions, condition => condition.Any(either => either.All(part => order.Has(part.Field, part.Words))));
        var grade = met < 0 ? 0 : 3 - met;
        return grade >= 2 && order.PlacedAt > RealisticOrders.Now - Recent ? grade + 1 : grade;
    }

    private static (string Field, string Words) Part(string part)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        var words = JudgedOrder.Normal(part[(colon + 1)..]);
        return (part[..colon], part.EndsWith('*') ? words.TrimEnd() : words);
    }

    private static string Value(IReadOnlyList<OrderDocument> orders, Match match) => JudgedOrder.Values(
        orders[int.Parse(match.Groups["order"].ValueSpan, CultureInfo.InvariantCulture)], match.Groups["field"].Value)[0];

    [GeneratedRegex(@"\{(?<field>[a-z]+):(?<order>[0-9]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex OfOrder();
}
