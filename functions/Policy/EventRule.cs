using System.Text;

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

    public bool Collected { get; } = collected;

    /// <summary>The rules of its fields, compiled when the first such event arrives.</summary>
    public FieldRule Fields => fields ??= FieldRule.Compile(document);

    public bool BelongsToSession => document.BelongsToSession;
}
