using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Security;

namespace Shop.WriteApi.Http;

/// <summary>A body that may be left out, which is the same as one without members.</summary>
internal interface IOptionalBody;

internal interface ICommand
{
    IdempotencyKey? Key { get; }
}

/// <summary>A request for a change: its body, which is validated, who sent it, its idempotency key and its precondition.</summary>
internal sealed class Command<TBody>
    : ICommand, IBindableFromHttpContext<Command<TBody>>, IEndpointParameterMetadataProvider
    where TBody : class, new()
{
    private static readonly bool IsOptional = typeof(TBody).IsAssignableTo(typeof(IOptionalBody));

    private Command(TBody body, Caller caller, IdempotencyKey? key, Precondition ifMatch)
    {
        Body = body;
        Caller = caller;
        Key = key;
        IfMatch = ifMatch;
    }

    public TBody Body { get; }

    public Caller Caller { get; }

    public IdempotencyKey? Key { get; }

    public Precondition IfMatch { get; }

    public static async ValueTask<Command<TBody>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = (JsonTypeInfo<TBody>)json.GetTypeInfo(typeof(TBody));
        var reader = context.Request.BodyReader;
        RequestContent.RequireUtf8(context.Request);
        var bytes = await ReadToEndAsync(reader, context.RequestAborted);
        try
        {
            var body = Read(ByteOrderMark.Skip(bytes), type);
            RequestValidator.Validate(body, type);
            var caller = Caller.Of(context.User);
            var key = HttpMethods.IsPost(context.Request.Method)
                ? IdempotencyKey.Read(context.Request, caller, bytes)
                : null;
            return new Command<TBody>(body, caller, key, Precondition.Read(context));
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
            if (result.Buffer.Length > RequestLimits.Body)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw new BadHttpRequestException(
                    $"The body is larger than {RequestLimits.Body} bytes.", StatusCodes.Status413PayloadTooLarge);
            }

            if (result.IsCompleted)
                return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static TBody Read(ReadOnlySequence<byte> bytes, JsonTypeInfo<TBody> type)
    {
        if (bytes.IsEmpty && IsOptional)
            return new TBody();
        try
        {
            var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = RequestLimits.Depth });
            var body = JsonSerializer.Deserialize(ref json, type);
            while (json.Read())
            {
                // The reader throws if anything follows the value.
            }

            return body ?? throw RefusedException.Invalid("$", "Must not be null.");
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException(exception.Message, exception);
        }
    }
}
