namespace Shop.ServiceDefaults.Http;

/// <summary>Ids in paths and queries.</summary>
public static class IdText
{
    private const int Length = 36;

    /// <summary>
    /// Reads 8-4-4-4-12 hexadecimal digits, and nothing else: the platform's form "D" also has white space around them, and
    /// signs and 0x in the groups.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid id)
    {
        id = default;
        if (text.Length != Length)
            return false;

        for (var i = 0; i < Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
                return false;
        }

        return Guid.TryParseExact(text, "D", out id);
    }
}
