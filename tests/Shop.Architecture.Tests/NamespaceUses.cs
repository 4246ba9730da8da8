using System.Reflection;
using Mono.Cecil;

namespace Shop.Architecture.Tests;

/// <param name="Example">A type of the one and the type of the other that it uses.</param>
internal sealed record NamespaceUse(string From, string To, string Example);

/// <summary>Which namespaces of an assembly use which others of it, read from its compiled code.</summary>
internal static class NamespaceUses
{
    public static NamespaceUse[] Of(string project)
    {
        using var module = ModuleDefinition.ReadModule(Assembly.Load(project).Location);
        return
        [
            .. module.GetTypes()
                .Where(type => !IsComposition(Outermost(type).Name))
                .SelectMany(type => UsedBy(type).SelectMany(Parts).Select(used => (From: Outermost(type), To: Outermost(used))))
                .Where(use => use.To.Scope == module && use.From.Namespace != use.To.Namespace)
                .Where(use => IsOf(project, use.From.Namespace) && IsOf(project, use.To.Namespace))
                .Select(use => new NamespaceUse(
                    use.From.Namespace, use.To.Namespace, $"{use.From.FullName} uses {use.To.FullName}"))
                .DistinctBy(use => (use.From, use.To)),
        ];
    }

    // It registers and maps everything, so it may use every folder.
    private static bool IsComposition(string type) =>
        type == "Program" || type.EndsWith("Extensions", StringComparison.Ordinal);

    // Generated types have namespaces of their own.
    private static bool IsOf(string project, string name) =>
        name == project || name.StartsWith(project + ".", StringComparison.Ordinal);

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    private static IEnumerable<TypeReference> UsedBy(TypeDefinition type) =>
    [
        .. type.BaseType is { } parent ? (TypeReference[])[parent] : [],
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Methods.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference> UsedBy(MethodDefinition method) =>
    [
        .. UsedBy((MethodReference)method),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(instruction => UsedBy(instruction.Operand)) : [],
    ];

    private static IEnumerable<TypeReference> UsedBy(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method =>
        [
            method.DeclaringType,
            method.ReturnType,
            .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
        ],
        _ => [],
    };

    /// <summary>List&lt;Order[]&gt; is List and Order.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
