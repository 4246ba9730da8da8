using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Shop.Architecture.Tests;

/// <summary>
/// In .NET, $ in a regular expression also matches before a trailing line feed: a value that is checked with it may
/// have one more character than was meant. \z matches at the end alone.
/// </summary>
public sealed partial class PatternTests
{
    // Its $ is for the OpenAPI document, whose patterns are JavaScript's. The check itself uses \z.
    private const string Exempt = "WholePatternAttribute";

    [Theory]
    [InlineData("Shop.Contracts")]
    [InlineData("Shop.LocalServers")]
    [InlineData("Shop.Projector")]
    [InlineData("Shop.ReadApi")]
    [InlineData("Shop.ReadModel")]
    [InlineData("Shop.ServiceDefaults")]
    [InlineData("Shop.WriteApi")]
    public void No_pattern_matches_before_a_trailing_line_feed(string project)
    {
        using var module = ModuleDefinition.ReadModule(Assembly.Load(project).Location);

        var patterns =
            from type in module.GetTypes()
            where type.Name != Exempt
            from pattern in PatternsOf(type)
            where Dollar().IsMatch(pattern)
            select $"{type.FullName}: {pattern}";

        Assert.Empty(patterns);
    }

    [Theory]
    [InlineData("^[a-z]$", true)]
    [InlineData(@"^(a$|b)", true)]
    [InlineData(@"\\$", true)]
    [InlineData(@"^[a-z]\z", false)]
    [InlineData(@"^\$[0-9]", false)]
    [InlineData("[.^$*]", false)]
    public void A_dollar_is_found_unless_it_is_a_character(string pattern, bool isFound) =>
        Assert.Equal(isFound, Dollar().IsMatch(pattern));

    private static IEnumerable<string> PatternsOf(TypeDefinition type) =>
    [
        .. new Mono.Cecil.ICustomAttributeProvider[] { type }
            .Concat(type.Properties).Concat(type.Fields).Concat(type.Methods)
            .Concat(type.Methods.SelectMany(method => method.Parameters))
            .SelectMany(member => member.CustomAttributes).Where(IsPattern)
            .SelectMany(attribute => attribute.ConstructorArguments).Select(argument => argument.Value).OfType<string>(),
        .. type.Methods.Where(method => method.HasBody).Select(method => method.Body.Instructions)
            .Where(body => body.Any(MakesRegex))
            .SelectMany(body => body.Select(instruction => instruction.Operand).OfType<string>()),
    ];

    private static bool IsPattern(CustomAttribute attribute) => attribute.AttributeType.Name
        is nameof(GeneratedRegexAttribute) or nameof(RegularExpressionAttribute);

    // A constructor or a static method, whose arguments are texts of the method.
    private static bool MakesRegex(Instruction instruction) =>
        instruction is { OpCode.Code: Code.Newobj or Code.Call, Operand: MethodReference method }
        && method.DeclaringType.FullName == typeof(Regex).FullName;

    // What is left when escaped characters and classes are taken out.
    [GeneratedRegex(@"\A(\\.|\[\^?\]?(\\.|[^\]\\])*\]|[^\\\[$])*\$", RegexOptions.Singleline)]
    private static partial Regex Dollar();
}
