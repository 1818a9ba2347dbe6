using System.Text;

namespace Collector.Policy;

/// <summary>The compiled rule for one event name of policy.json, with the deployment's switches applied.</summary>
internal sealed class EventRule(EventDocument document, bool collected)
{
    private FieldRule? fields;

    public string Name => document.Name;

    /// <summary>The name in UTF-8, as it is compared with an event's name.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(document.Name);

    public EventKind Kind => document.Kind;

    /// <summary>The route that takes this event in addition to <c>/events</c>.</summary>
    public string? Endpoint => document.Endpoint;

    public bool Collected { get; } = collected;

    /// <summary>The rules of its fields, compiled when the first such event arrives.</summary>
    public FieldRule Fields => fields ??= FieldRule.Compile(document);

    public bool BelongsToSession => document.BelongsToSession;
}
