using System.Text;
using System.Text.RegularExpressions;

namespace Collector.Policy;

/// <summary>
/// The compiled rule of one field in policy.json, a node in the tree of an event's members. A node without a <c>Document</c> only has
/// children.
/// </summary>
internal sealed class FieldRule
{
    private const string SessionField = "metadata.session_id";

    // The largest at_most: a value that is cut is first written to the stack.
    private const int MostOfAll = 8192;

    private Regex? pattern;

    private FieldRule(string path, FieldRule? parent)
    {
        Path = path;
        Parent = parent;
    }

    /// <summary>The last part of the path in UTF-8, as it is compared with the members of an event.</summary>
    public byte[] Name { get; private init; } = [];

    /// <summary>Event and path (<c>cli_cmd.metadata.session_id</c>), under which the stripped field is counted.</summary>
    public string Path { get; }

    /// <summary>
    /// The path (<c>cli_cmd.payload.*</c>) under which members of this object without a rule are counted. Their own names come from the
    /// client.
    /// </summary>
    public string Unnamed => field ??= Path + ".*";

    public FieldRule? Parent { get; }

    /// <summary>The lowest tier for which the field is kept.</summary>
    public Tier Tier { get; private set; }

    /// <summary>How much of the value is kept, if its rule cuts it.</summary>
    public int AtMost => Document!.AtMost!.Value;

    public FieldDocument? Document { get; private set; }

    /// <summary>The index of the field's value among the values of its event or list entry; -1 if nothing is kept.</summary>
    public int Slot { get; private set; } = -1;

    public List<FieldRule> Children { get; } = [];

    /// <summary>For a list: the rules of an entry's members, which have their own slots.</summary>
    public FieldRule? Entry { get; private set; }

    /// <summary>The rules that fill slots, in the order of policy.json. A condition refers to a slot that is filled earlier.</summary>
    public List<FieldRule> Slots { get; } = [];

    /// <summary>Whether these are the rules of a whole event, which has a <c>name</c>.</summary>
    public bool IsEvent => Parent is null;

    /// <summary>Whether this field contains the session id of an event.</summary>
    public bool IsSession { get; private set; }

    /// <summary>The slot of the condition's field; -1 without a condition.</summary>
    public int ConditionSlot { get; private set; } = -1;

    /// <summary>
    /// Whether the field's cleaned value is cached within a batch. It is not if the value depends on other fields (an operation on its
    /// service, a subcommand on its command), if the catalog has its own cache, for lists, and for numbers, which are read as fast as they
    /// are compared.
    /// </summary>
    public bool IsRemembered { get; private set; }

    /// <summary>
    /// The pattern. It is compiled for the first value, so that a cold start pays only for the patterns that it needs. It is anchored at
    /// the end by \z, because $ would accept a line feed after the value.
    /// </summary>
    public Regex? Pattern => Document?.Pattern is { } text ? pattern ??= new Regex($@"(?:{text})\z", RegexOptions.CultureInvariant) : null;

    /// <summary>
    /// Builds the tree of one event. Throws <see cref="InvalidDataException"/> for a policy.json that contradicts itself.
    /// </summary>
    public static FieldRule Compile(EventDocument document)
    {
        var root = new FieldRule(document.Name, null);
        var entries = new Dictionary<string, FieldRule>(StringComparer.Ordinal);
        foreach (var field in document.Fields ?? [])
        {
            // The members of a list's entries form a separate tree below the list.
            var entryAt = field.Field.LastIndexOf("[].", StringComparison.Ordinal);
            if (entryAt < 0)
            {
                var rule = root.Add(field.Field.Split('.'), root, field, document.Tier ?? Tier.Pro);
                if (field.Type is FieldType.List or FieldType.Usage)
                {
                    rule.Entry = new FieldRule(rule.Path + "[]", rule);
                    entries.Add(field.Field, rule.Entry);
                }
            }
            else if (entries.TryGetValue(field.Field[..entryAt], out var entry))
            {
                entry.Add([field.Field[(entryAt + 3)..]], entry, field, document.Tier ?? Tier.Pro);
            }
            else
            {
                throw new InvalidDataException($"policy.json: {document.Name} names {field.Field} before its list");
            }
        }

        if (document is { Collected: true, BelongsToSession: true } && document.Fields?.Any(f => f.Field == SessionField) != true)
            throw new InvalidDataException(
                $"policy.json: {document.Name} belongs to a session but has no rule for {SessionField}");
        return root;
    }

    private static bool IsCut(FieldDocument document) => document.Do != FieldAction.Drop
        && (document.Type is FieldType.List or FieldType.Texts or FieldType.Usage
        || document.Do is FieldAction.RedactMessage or FieldAction.RedactTrace or FieldAction.CutUserAgent);

    private FieldRule Add(ReadOnlySpan<string> path, FieldRule slots, FieldDocument document, Tier tier)
    {
        if (path.IsEmpty)
        {
            if (Document is not null || Children.Count > 0) throw new InvalidDataException($"policy.json: {Path} is defined twice");
            if (IsCut(document) ? document.AtMost is not (>= 1 and <= MostOfAll) : document.AtMost is not null)
                throw new InvalidDataException(
                    $"policy.json: {Path} needs an at_most from 1 to {MostOfAll} if it is cut, and none otherwise");
            Document = document;
            Tier = document.Tier ?? tier;
            IsSession = document.Field == SessionField;
            IsRemembered = document is { Type: FieldType.Text or FieldType.Uuid }
                && document.Do is not (FieldAction.CatalogService or FieldAction.CatalogOperation or FieldAction.CutSubcommand);
            // The hour that is kept comes from the server's clock. The client's time is not kept.
            if (document.Do is FieldAction.Drop or FieldAction.CutHour) return this;
            Slot = slots.Slots.Count;
            if (document.When is { } condition)
            {
                ConditionSlot = slots.Slots.FindIndex(s => s.Document!.As == condition.Field);
                if (ConditionSlot < 0) throw new InvalidDataException(
                    $"policy.json: {Path} depends on {condition.Field}, which is not defined before it");
            }

            slots.Slots.Add(this);
            return this;
        }

        var name = Encoding.UTF8.GetBytes(path[0]);
        var child = Children.Find(c => c.Name.AsSpan().SequenceEqual(name));
        if (child is null)
        {
            child = new FieldRule($"{Path}.{path[0]}", this) { Name = name };
            Children.Add(child);
        }

        return child.Add(path[1..], slots, document, tier);
    }
}
