using System.Text.Json;
using System.Text.Json.Serialization;

namespace Collector.Policy;

/// <summary>
/// policy.json: what is collected, from whom, in which shape, why, and for how long. <c>Sentences</c> are those of the documentation, by
/// the names that rules refer to them with; null once <see cref="PolicyShorthand"/> has written them out.
/// </summary>
internal sealed record PolicyDocument(
    int Version,
    string About,
    IReadOnlyDictionary<string, RetentionDocument> Retention,
    IReadOnlyList<EventDocument> Events,
    bool TrackEvents = true,
    IReadOnlyDictionary<string, string>? Sentences = null);

/// <summary>
/// How long a kind of record is kept, in days, or without an end; <c>Parameter</c> names the setting that may shorten or lengthen it.
/// </summary>
internal sealed record RetentionDocument(string Holds, int? Days = null, string? Parameter = null);

/// <summary>
/// One event name. <c>Tier</c> is the lowest tier that its fields are kept of (Pro when nothing says so); a field may name its own.
/// <c>Endpoint</c> is the route beside <c>/events</c> that takes the event; <c>Feature</c> marks what a deployment switches on by name;
/// <c>Because</c> is what follows from the sentence.
/// </summary>
internal sealed record EventDocument(
    string Name,
    EventKind Kind,
    bool Collected,
    string Sentence,
    Tier? Tier = null,
    string? Endpoint = null,
    string? Because = null,
    bool Feature = false,
    IReadOnlyList<FieldDocument>? Fields = null)
{
    /// <summary>
    /// Whether the standing of its session decides over it. A CLI invocation is not connected to one, not even to be looked up (I4).
    /// </summary>
    [JsonIgnore]
    public bool BelongsToSession => Kind is EventKind.Call or EventKind.Count or EventKind.Feature;
}

/// <summary>
/// One field of an event, by its path (<c>payload.api_calls[].service</c>). <c>Sentence</c> is the documentation's own, <c>Because</c> what
/// follows from it. <c>MaxLength</c> is the longest text that is looked at, in characters, and <c>AtMost</c> how much is kept of what is
/// cut: entries of a list, characters of a message or user agent, bytes of a stack trace. <c>Keeps</c> is an example that passes (as
/// <c>KeptAs</c>, where it is changed on the way) and <c>Removes</c> one that doesn't. A value that ends in <c>*</c> stands for all that
/// begin so. <c>Program</c> is the program whose commands the field names without it. <c>Repeat</c> makes fields 1 to this number of one,
/// in whose names the number stands as <c>#</c>.
/// </summary>
internal sealed record FieldDocument(
    string Field,
    FieldAction Do,
    string Sentence,
    string? Because = null,
    FieldType Type = FieldType.Text,
    string? As = null,
    FieldRole Role = FieldRole.Value,
    bool Required = false,
    Tier? Tier = null,
    string? Pattern = null,
    IReadOnlyList<string>? Values = null,
    int MaxLength = FieldDocument.UsualLength,
    int? AtMost = null,
    long Min = 0,
    long Max = long.MaxValue,
    Condition? When = null,
    string? Program = null,
    int? Repeat = null,
    JsonElement? Keeps = null,
    JsonElement? KeptAs = null,
    JsonElement? Removes = null)
{
    /// <summary>The longest text of a field whose rule names no other.</summary>
    public const int UsualLength = 256;
}

/// <summary>A field is allowed only when another one is kept and, where <c>AtLeast</c> says so, its number is at least this.</summary>
internal sealed record Condition(string Field, long? AtLeast = null);

/// <summary>What an event becomes, and so which table and which counters it reaches.</summary>
internal enum EventKind { Session, Call, Count, Cli, Feature, Activation, Never }

/// <summary>
/// Who uses LocalStack: sessions with a credential are Pro unless their edition is the community's. What is kept of the community is kept
/// of Pro too.
/// </summary>
internal enum Tier { Community, Pro }

/// <summary>The shape of a field. <c>Usage</c> is an object of namespaces, each an object of numbers by value.</summary>
internal enum FieldType { Text, Texts, Integer, Number, Boolean, Uuid, Time, List, Usage }

/// <summary>What is done with a field that has the right shape. Only <c>Drop</c> leaves nothing of it.</summary>
internal enum FieldAction
{
    Keep, Drop, FingerprintCredential, FingerprintMachine, FingerprintActivation, RedactMessage, RedactTrace, CutSystem, CutUserAgent,
    CutVersion, CutCommand, CutSubcommand, CutHour, CatalogParameter, CatalogService, CatalogOperation, CatalogRegion, ErrorCode,
    DeriveTier,
    MetricLabel, MetricLabelValue,
}

/// <summary>
/// How a feature's field is counted: it parts the counters, is added up, or is added up and put into a histogram of powers of two.
/// </summary>
internal enum FieldRole { Value, Label, Sum, Histogram }
