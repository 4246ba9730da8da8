namespace Shop.ReadModel.Searching;

/// <summary>A word of a text: where it stands, and how it is compared.</summary>
public readonly record struct TextToken(int Start, int Length, string Folded);
