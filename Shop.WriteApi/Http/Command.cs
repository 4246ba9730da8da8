using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Shop.WriteApi.Idempotency;

namespace Shop.WriteApi.Http;

/// <summary>A body that may be left out: then it is one without members.</summary>
internal interface IOptionalBody;

/// <summary>A request for a change: its body, valid in shape, its idempotency key and precondition.</summary>
internal sealed class Command<TBody> : IBindableFromHttpContext<Command<TBody>>, IEndpointParameterMetadataProvider
    where TBody : class, new()
{
    private static readonly JsonTypeInfo<TBody> Json =
        (JsonTypeInfo<TBody>)WireJson.Answers.GetTypeInfo(typeof(TBody))!;

    private static readonly bool IsOptional = typeof(TBody).IsAssignableTo(typeof(IOptionalBody));

    private Command(TBody body, IdempotencyKey? key, Precondition ifMatch)
    {
        Body = body;
        Key = key;
        IfMatch = ifMatch;
    }

    public TBody Body { get; }

    public IdempotencyKey? Key { get; }

    public Precondition IfMatch { get; }

    public static async ValueTask<Command<TBody>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var reader = context.Request.BodyReader;
        var bytes = await ReadToEndAsync(reader, context.RequestAborted);
        try
        {
            var body = Read(bytes);
            RequestValidator.Validate(body, Json);
            var key = HttpMethods.IsPost(context.Request.Method) ? IdempotencyKey.Read(context.Request, bytes) : null;
            return new Command<TBody>(body, key, Precondition.Read(context.Request.Headers));
        }
        finally
        {
            reader.AdvanceTo(bytes.End);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(TBody), IsOptional));

    private static async ValueTask<ReadOnlySequence<byte>> ReadToEndAsync(
        PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > Limits.Body)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw new BadHttpRequestException(
                    $"The body is larger than {Limits.Body} bytes.", StatusCodes.Status413PayloadTooLarge);
            }

            if (result.IsCompleted)
                return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static TBody Read(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty && IsOptional)
            return new TBody();
        try
        {
            var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Limits.Depth });
            var body = JsonSerializer.Deserialize(ref json, Json);
            while (json.Read())
            {
                // What follows a complete value is refused by the reader.
            }

            return body ?? throw RefusedException.Invalid("$", "Must not be null.");
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException(exception.Message, exception);
        }
    }
}
