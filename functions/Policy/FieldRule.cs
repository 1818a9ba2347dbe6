using System.Text;
using System.Text.RegularExpressions;

namespace Collector.Policy;

/// <summary>
/// One compiled line of policy.json, a node in the tree of an event's members. A node without a <c>Document</c> only leads to others.
/// </summary>
internal sealed class FieldRule
{
    private const string SessionField = "metadata.session_id";

    // What is cut is written on the stack first.
    private const int MostOfAll = 8192;

    private Regex? pattern;

    private FieldRule(string path, FieldRule? parent)
    {
        Path = path;
        Parent = parent;
    }

    /// <summary>The last member of the path as UTF-8, as it is compared with the event.</summary>
    public byte[] Name { get; private init; } = [];

    /// <summary>Event and path, as stripped fields are counted: <c>cli_cmd.metadata.session_id</c>.</summary>
    public string Path { get; }

    /// <summary>
    /// What members of this object that no rule names are counted as: <c>cli_cmd.payload.*</c>. Their own names are the client's words.
    /// </summary>
    public string Unnamed => field ??= Path + ".*";

    public FieldRule? Parent { get; }

    /// <summary>Whom the field is kept of.</summary>
    public Tier Tier { get; private set; }

    /// <summary>How much of it is kept, where it is cut.</summary>
    public int AtMost => Document!.AtMost!.Value;

    public FieldDocument? Document { get; private set; }

    /// <summary>The place of the field's value among its object's or list entry's values; -1 where nothing is kept.</summary>
    public int Slot { get; private set; } = -1;

    public List<FieldRule> Children { get; } = [];

    /// <summary>For a list: the rules of an entry's members, with slots of their own.</summary>
    public FieldRule? Entry { get; private set; }

    /// <summary>The rules that fill slots, in policy.json's order: a condition looks at a slot filled before.</summary>
    public List<FieldRule> Slots { get; } = [];

    /// <summary>Whether these are the rules of a whole event, whose <c>name</c> says which.</summary>
    public bool IsEvent => Parent is null;

    /// <summary>Whether this is where an event names its session.</summary>
    public bool IsSession { get; private set; }

    /// <summary>The slot of the condition's field.</summary>
    public int ConditionSlot { get; private set; } = -1;

    /// <summary>
    /// Whether to cache this field's cleaned value within a batch. An operation depends on its service too, a subcommand on its command and
    /// a list on more than its texts; the catalog has a cache of its own; numbers are read as fast as compared.
    /// </summary>
    public bool IsRemembered { get; private set; }

    /// <summary>
    /// The pattern, compiled when the first value meets it: a cold start pays only for what it needs. It is the whole value's, to its very
    /// end: $ alone would let a line feed through.
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
            // The members of a list's entries hang below the list, in a tree of their own.
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
                $"policy.json: {document.Name} belongs to a session and does not say what becomes of {SessionField}");
        return root;
    }

    private static bool IsCut(FieldDocument document) => document.Do != FieldAction.Drop
        && (document.Type is FieldType.List or FieldType.Texts or FieldType.Usage
        || document.Do is FieldAction.RedactMessage or FieldAction.RedactTrace or FieldAction.CutUserAgent);

    private FieldRule Add(ReadOnlySpan<string> path, FieldRule slots, FieldDocument document, Tier tier)
    {
        if (path.IsEmpty)
        {
            if (Document is not null || Children.Count > 0) throw new InvalidDataException($"policy.json: {Path} stands there twice");
            if (IsCut(document) ? document.AtMost is not (>= 1 and <= MostOfAll) : document.AtMost is not null)
                throw new InvalidDataException(
                    $"policy.json: {Path} needs an at_most of 1 to {MostOfAll} if it is cut, and none if it isn't");
            Document = document;
            Tier = document.Tier ?? tier;
            IsSession = document.Field == SessionField;
            IsRemembered = document is { Type: FieldType.Text or FieldType.Uuid }
                && document.Do is not (FieldAction.CatalogService or FieldAction.CatalogOperation or FieldAction.CutSubcommand);
            // The hour that is kept is the server's own: nothing of the client's time is.
            if (document.Do is FieldAction.Drop or FieldAction.CutHour) return this;
            Slot = slots.Slots.Count;
            if (document.When is { } condition)
            {
                ConditionSlot = slots.Slots.FindIndex(s => s.Document!.As == condition.Field);
                if (ConditionSlot < 0) throw new InvalidDataException(
                    $"policy.json: {Path} depends on {condition.Field}, which does not stand before it");
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
