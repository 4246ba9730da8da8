using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Shop.WriteApi.Http;

/// <summary>
/// Checks a body against the validation attributes of its members, which the OpenAPI document shows too, and reports
/// errors by JSON path.
/// </summary>
internal static class RequestValidator
{
    private static readonly ConcurrentDictionary<Type, Member[]> Members = new();

    /// <exception cref="RefusedException">400 with the first 100 errors.</exception>
    public static void Validate(object body, JsonTypeInfo type)
    {
        if (Check(body, type) is { } errors)
            throw RefusedException.Invalid(errors);
    }

    /// <returns>Null if the body is valid.</returns>
    public static IReadOnlyDictionary<string, string[]>? Check(object body, JsonTypeInfo type)
    {
        var errors = new Errors();
        CheckValue(body, type.Options, "$", errors);
        return errors.Found;
    }

    private static void CheckObject(object body, JsonTypeInfo type, string path, Errors errors)
    {
        foreach (var member in Members.GetOrAdd(type.Type, static (_, type) => Describe(type), type))
        {
            if (errors.IsFull)
                return;
            var value = member.Get(body);
            foreach (var rule in member.Rules)
            {
                if (ErrorOf(rule, value, body) is { } error)
                    errors.Add($"{path}.{member.Name}", error);
            }

            CheckValue(value, type.Options, $"{path}.{member.Name}", errors);
        }
    }

    private static string? ErrorOf(ValidationAttribute rule, object? value, object body)
    {
        if (rule.RequiresValidationContext)
            return rule.GetValidationResult(value, new ValidationContext(body))?.ErrorMessage;
        return rule.IsValid(value) ? null : rule.FormatErrorMessage("value");
    }

    private static void CheckValue(object? value, JsonSerializerOptions options, string path, Errors errors)
    {
        if (value is null or string)
            return;
        if (value is IEnumerable items)
        {
            var index = 0;
            foreach (var item in items)
            {
                if (errors.IsFull)
                    return;
                CheckItem(item, options, $"{path}[{index++}]", errors);
            }

            return;
        }

        if (options.GetTypeInfo(value.GetType()) is { Kind: JsonTypeInfoKind.Object } type)
            CheckObject(value, type, path, errors);
    }

    private static void CheckItem(object? item, JsonSerializerOptions options, string path, Errors errors)
    {
        if (item is null)
            errors.Add(path, "The value must not be null.");
        else
            CheckValue(item, options, path, errors);
    }

    private static Member[] Describe(JsonTypeInfo type) => [.. type.Properties.Select(property => new Member(
        property.Name,
        property.Get!,
        [.. property.AttributeProvider!.GetCustomAttributes(typeof(ValidationAttribute), inherit: true)
            .Cast<ValidationAttribute>()]))];

    private sealed record Member(string Name, Func<object, object?> Get, ValidationAttribute[] Rules);

    private sealed class Errors
    {
        private const int MaxPaths = 100;
        private Dictionary<string, string[]>? _found;

        public IReadOnlyDictionary<string, string[]>? Found => _found;

        public bool IsFull => _found is { Count: >= MaxPaths };

        public void Add(string path, string error)
        {
            _found ??= [];
            _found[path] = _found.TryGetValue(path, out var others) ? [.. others, error] : [error];
        }
    }
}
