using Shop.Testing.Orders;

namespace Shop.Bench.Suggest;

/// <summary>What people type of the names of customers and products, as often as these are in orders.</summary>
internal sealed class TypedTexts(RealisticOrders orders)
{
    private const int Variants = 300;

    private readonly Random _random = new(11);

    public IEnumerable<(string Typed, IReadOnlyList<string> Texts)> Make()
    {
        yield return ("one letter", Of(name => name[..1]));
        yield return ("two letters", Of(name => name[..2]));
        yield return ("three letters", Of(name => name[..3]));
        yield return ("a first word", Of(name => name.Split(' ')[0]));
        yield return ("a word and a letter", Of(TwoWords));
        yield return ("a name", Of(name => name));
        yield return ("a mistake in a word", Of(Mistaken));
        yield return ("the beginning of a number", [.. Enumerable.Range(0, Variants).Select(_ => AnyOrder().Number[..5])]);
        yield return ("nothing that exists", Of(name => $"{new string([.. name.Split(' ')[0].Reverse()])}qxz"));
    }

    private IReadOnlyList<string> Of(Func<string, string> typed) =>
        [.. Enumerable.Range(0, Variants).Select(_ => typed(AnyName()))];

    private Shop.Contracts.OrderDocument AnyOrder() => orders.Make(_random.Next(orders.Count));

    private string AnyName()
    {
        while (true)
        {
            var order = AnyOrder();
            var name = _random.Next(2) == 0 ? order.Customer.Name : order.Lines[0].Name;
            if (name.Split(' ') is [{ Length: >= 3 }, { Length: >= 2 }, ..])
                return name;
        }
    }

    private static string TwoWords(string name) => name.Split(' ') is var words ? $"{words[0]} {words[1][..1]}" : name;

    /// <summary>Two letters in the wrong order.</summary>
    private string Mistaken(string name)
    {
        var word = name.Split(' ').MaxBy(word => word.Length)!;
        if (word.Length < 4)
            return word + "qx";
        var at = _random.Next(1, word.Length - 1);
        return $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}";
    }
}
