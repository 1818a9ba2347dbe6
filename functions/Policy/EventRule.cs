using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>One event name of policy.json, compiled, with the deployment's switches applied.</summary>
internal sealed class EventRule(EventDocument document, bool collected)
{
    private FieldRule? fields;

    public string Name => document.Name;

    /// <summary>The name as it is compared with the event's.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(document.Name);

    public EventKind Kind => document.Kind;

    /// <summary>The route beside <c>/events</c> that takes this event.</summary>
    public string? Endpoint => document.Endpoint;

    /// <summary>The program whose commands the event names without it.</summary>
    public string? Prefix => document.Prefix;

    public bool Collected { get; } = collected;

    /// <summary>The rules of its fields, compiled when the first such event arrives.</summary>
    public FieldRule Fields => fields ??= FieldRule.Compile(document);

    /// <summary>Whether the standing of its session decides over it. A CLI invocation is not connected to one, not even to be looked up (I4).</summary>
    public bool BelongsToSession => Kind is EventKind.Call or EventKind.Count or EventKind.Feature;

    /// <summary>The session that an event names, as its table writes it; null when it names none.</summary>
    public static string? SessionOf(JsonElement untrusted) =>
        untrusted.TryGetProperty("metadata"u8, out var metadata) && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("session_id"u8, out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var session)
            ? session.ToString("D", CultureInfo.InvariantCulture) : null;
}
