using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson.Converters;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>
/// Reads and writes JSON with the generated metadata of <typeparamref name="TContext"/>: the case of names does not matter, nulls are not
/// written, and only characters that JSON requires to be escaped are escaped.
/// </summary>
/// <typeparam name="TContext">
/// A source-generated context that names every type used. It is created with <c>new()</c>, without reflection, for a fast cold start.
/// </typeparam>
public class SourceGeneratorLambdaJsonSerializer<TContext> : ILambdaSerializer
    where TContext : JsonSerializerContext, new()
{
    private readonly JsonSerializerOptions options;

    public SourceGeneratorLambdaJsonSerializer()
        : this(null)
    {
    }

    /// <param name="customizer">Changes the options before their first use.</param>
    public SourceGeneratorLambdaJsonSerializer(Action<JsonSerializerOptions>? customizer)
    {
        options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            PropertyNameCaseInsensitive = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new DateTimeConverter());
        options.Converters.Add(new MemoryStreamConverter());
        customizer?.Invoke(options);
        options.TypeInfoResolver = new TContext();
    }

    /// <inheritdoc/>
    /// <exception cref="JsonSerializerException">The event is not JSON, or does not have that shape.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        try
        {
            var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
            return (requestStream is MemoryStream memory && memory.TryGetBuffer(out var bytes)
                ? JsonSerializer.Deserialize(bytes.AsSpan((int)memory.Position), type)
                : JsonSerializer.Deserialize(requestStream, type))!;
        }
        catch (JsonException e)
        {
            // Not e.Message: it quotes member names and characters of the event.
            var place = e is { LineNumber: { } line, BytePositionInLine: { } position } ? $" (line {line}, byte {position})" : "";
            throw new JsonSerializerException($"The event could not be read as {typeof(T).Name}{place}.", e);
        }
        catch (Exception e) when (e is NotSupportedException or FormatException or InvalidOperationException)
        {
            throw new JsonSerializerException($"The event could not be read as {typeof(T).Name}.", e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="JsonSerializerException">The context does not know the type.</exception>
    public void Serialize<T>(T response, Stream responseStream)
    {
        try
        {
            JsonSerializer.Serialize(responseStream, response, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new JsonSerializerException($"The response could not be written from {typeof(T).Name}.", e);
        }
    }
}
