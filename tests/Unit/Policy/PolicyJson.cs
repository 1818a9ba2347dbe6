using System.Text.Json;
using System.Text.Json.Serialization;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>policy.json as <see cref="JsonSerializer"/> reads and writes it, for comparison with <see cref="PolicyFile"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(SnakeCase<EventKind>), typeof(SnakeCase<Tier>), typeof(SnakeCase<FieldType>), typeof(SnakeCase<FieldAction>),
    typeof(SnakeCase<FieldRole>)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    // What is computed from the others.
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PolicyDocument))]
internal sealed partial class PolicyJson : JsonSerializerContext;

/// <summary>Writes enumerations in policy.json in snake case: <c>cut_user_agent</c>.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where T
    : struct, Enum;
