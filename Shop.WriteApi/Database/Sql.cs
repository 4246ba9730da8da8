using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Shop.WriteApi.Database;

/// <summary>
/// A statement of an <see cref="NpgsqlBatch"/> whose interpolated values become positional parameters, typed by the
/// values. A batch is one round trip and, outside a transaction, one transaction.
/// </summary>
internal sealed class Sql
{
    // Enough for the statement that writes an order.
    private const int LongStatement = 3_072;

    private readonly StringBuilder _text;
    private readonly NpgsqlParameterCollection _parameters;
    private readonly NpgsqlBatchCommand _command = new();

    private Sql(int capacity) => (_text, _parameters) = (new StringBuilder(capacity), _command.Parameters);

    /// <summary>Begins a statement, which <see cref="AddTo"/> completes.</summary>
    public static Sql Begin() => new(LongStatement);

    /// <summary>Appends SQL. Its values have become parameters when this is called.</summary>
    public Sql Append([InterpolatedStringHandlerArgument("")] in Part part)
    {
        Debug.Assert(part.Statement == this, "The compiler passes this statement to the part.");
        return this;
    }

    /// <summary>Appends SQL that has no values.</summary>
    public Sql AppendText(string sql)
    {
        _text.Append(sql);
        return this;
    }

    public void AddTo(NpgsqlBatch batch)
    {
        _command.CommandText = _text.ToString();
        batch.BatchCommands.Add(_command);
    }

    private void Add(NpgsqlParameter parameter)
    {
        _parameters.Add(parameter);
        _text.Append('$').Append(_parameters.Count);
    }

    [InterpolatedStringHandler]
    internal readonly struct Part
    {
        public Part(int literalLength, int formattedCount)
            : this(literalLength, formattedCount, new Sql(literalLength + (4 * formattedCount)))
        {
        }

        public Part(int literalLength, int formattedCount, Sql statement) =>
            (_, _, Statement) = (literalLength, formattedCount, statement);

        public Sql Statement { get; }

        public void AppendLiteral(string text) => Statement._text.Append(text);

        public void AppendFormatted<T>(T value) => Statement.Add(new NpgsqlParameter<T> { TypedValue = value });

        public void AppendFormatted(Json value) =>
            Statement.Add(new NpgsqlParameter<byte[]> { TypedValue = value.Utf8, NpgsqlDbType = NpgsqlDbType.Json });
    }
}

/// <summary>A value of type <c>json</c>.</summary>
internal readonly record struct Json(byte[] Utf8);

internal static class SqlExtensions
{
    public static void Add(this NpgsqlBatch batch, in Sql.Part statement) => statement.Statement.AddTo(batch);
}
