namespace Shop.WriteApi.Domain;

/// <summary>A list that is compiled into the service: lines of codes, each with the values of its columns.</summary>
internal static class ReferenceData
{
    public static Dictionary<string, string[]> Read(string resource)
    {
        using var reader = new StreamReader(typeof(ReferenceData).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => line.Split('\t'))
            .ToDictionary(columns => columns[0], columns => columns[1..]);
    }
}
