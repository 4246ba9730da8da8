using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Searching;

public sealed class PhoneNumbersTests
{
    [Theory]
    [InlineData("+49 30 1234-567", "301234567")]
    [InlineData("0049 (0)30 1234567", "301234567")]
    [InlineData("+49 (0) 30 - 1234567", "301234567")]
    [InlineData("(+49) 30/123.45.67", "301234567")]
    [InlineData("Tel.030/1234567.", "301234567")]
    [InlineData("(030) 123 45 67, back door", "301234567")]
    [InlineData("030.1234567", "301234567")]
    [InlineData("０３０－１２３４５６７", "301234567")]
    [InlineData("٠٣٠ ١٢٣٤٥٦٧", "301234567")]
    [InlineData("电话030-1234567号", "301234567")]
    [InlineData("House 2 030 1234567", "20301234567 301234567")]
    [InlineData("030 1234567 +49 171 2345678", "301234567 1712345678")]
    [InlineData("030 1234567, 0171 2345678", "301234567 1712345678")]
    [InlineData("0151 23456789", "15123456789 5123456789")]
    [InlineData("(212) 555-1234", "2125551234")]
    [InlineData("1-212-555-1234", "12125551234 2125551234")]
    [InlineData("+1.212.555.1234", "2125551234")]
    [InlineData("8 (495) 123-45-67", "84951234567 4951234567")]
    [InlineData("+7 495 123-45-67", "4951234567")]
    [InlineData("+39 06 1234567", "61234567")]
    [InlineData("+353 1 234 5678", "12345678")]
    [InlineData("06 12 34 56 78", "612345678")]
    [InlineData("500 ml, 3 m, 10115", "")]
    [InlineData("2025-06-01, 01.06.2025 12:30, 2025-06-01 12:30, 1/6/2025", "")]
    [InlineData("SO-2025-4711000, KB1234567, 1234567AB, 1234567-ab, x_1234567", "")]
    [InlineData("1.234.567,89 and 1,234,567.89", "")]
    [InlineData("DE89 3704 0044 0532 0130 00", "")]
    [InlineData("1234567890123456", "")]
    [InlineData("000000000", "")]
    public void Numbers_are_found_and_reduced_to_the_digits_of_all_spellings(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', PhoneNumbers.In(text).SelectMany(number => number.Digits)));
}
