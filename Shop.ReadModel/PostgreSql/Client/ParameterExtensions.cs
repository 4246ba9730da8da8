using Npgsql;

namespace Shop.ReadModel.PostgreSql.Client;

/// <summary>Positional parameters: each call adds one and returns its placeholder.</summary>
internal static class ParameterExtensions
{
    public static string AddValue<T>(this NpgsqlParameterCollection parameters, T value)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return $"${parameters.Count}";
    }
}
