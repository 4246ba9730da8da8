namespace Shop.Contracts;

/// <summary>An amount in minor units of its currency: 129900 EUR is €1,299.00, 1299 JPY is ¥1,299.</summary>
/// <param name="Amount">Whole minor units; the currency decides how many decimals they stand for (0, 2 or 3).</param>
/// <param name="Currency">ISO 4217 code, three upper-case letters.</param>
public readonly record struct Money(long Amount, string Currency);
