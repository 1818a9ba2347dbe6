using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// policy.json: which data is collected, from which users, in which shape, why, and for how long. <c>Sentences</c> are the sentences of the
/// documentation, by the names that rules use for them; null after <see cref="PolicyShorthand"/> has expanded them.
/// </summary>
internal sealed record PolicyDocument(
    int Version,
    string About,
    IReadOnlyDictionary<string, RetentionDocument> Retention,
    IReadOnlyList<EventDocument> Events,
    bool TrackEvents = true,
    IReadOnlyDictionary<string, string>? Sentences = null);

/// <summary>
/// How long a kind of record is kept, in days; null means without an end. <c>Parameter</c> names the setting that can change it.
/// </summary>
internal sealed record RetentionDocument(string Holds, int? Days = null, string? Parameter = null);

/// <summary>
/// One event name. <c>Tier</c> is the lowest tier for which its fields are kept (Pro by default); a field may have its own. <c>Endpoint</c>
/// is the route that takes the event in addition to <c>/events</c>. <c>Feature</c> marks an event that a deployment can switch on by name.
/// <c>Because</c> says what follows from the sentence.
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
    /// Whether the session status decides how the event is treated. A CLI invocation is not connected to a session, which is not even
    /// looked up (I4).
    /// </summary>
    public bool BelongsToSession => Kind is EventKind.Call or EventKind.Count or EventKind.Feature;
}

/// <summary>
/// One field of an event, by its path (<c>payload.api_calls[].service</c>). <c>Sentence</c> is the documentation's own sentence,
/// <c>Because</c> says what follows from it. <c>MaxLength</c> is the longest text that is accepted, in characters. <c>AtMost</c> limits how
/// much of a value is kept: entries of a list, characters of a message or user agent, bytes of a stack trace. <c>Keeps</c> is an example
/// that is kept (as <c>KeptAs</c>, if it is changed) and <c>Removes</c> one that is removed. A value that ends in <c>*</c> covers all texts
/// with that beginning. <c>Program</c> is the program whose commands the field contains without the program's name. <c>Repeat</c> expands
/// the rule to fields with the numbers from 1 to this one, which replace <c>#</c> in its names.
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
    /// <summary>The longest text of a field whose rule sets no other limit.</summary>
    public const int UsualLength = 256;
}

/// <summary>Allows a field only if another field is kept and, with <c>AtLeast</c>, has at least this number.</summary>
internal sealed record Condition(string Field, long? AtLeast = null);

/// <summary>The kind of clean event that an event becomes. It decides the table and the counters.</summary>
internal enum EventKind { Session, Call, Count, Cli, Feature, Activation, Never }

/// <summary>
/// The tier of a session: sessions with a credential are Pro unless their edition is the community's. All data that is kept for the
/// community is kept for Pro too.
/// </summary>
internal enum Tier { Community, Pro }

/// <summary>The shape of a field. <c>Usage</c> is an object of namespaces, each an object of numbers by value.</summary>
internal enum FieldType { Text, Texts, Integer, Number, Boolean, Uuid, Time, List, Usage }

/// <summary>The action for a field that has the right shape. Only <c>Drop</c> keeps nothing of it.</summary>
internal enum FieldAction
{
    Keep, Drop, FingerprintCredential, FingerprintMachine, FingerprintActivation, RedactMessage, RedactTrace, CutSystem, CutUserAgent,
    CutVersion, CutCommand, CutSubcommand, CutHour, CatalogParameter, CatalogService, CatalogOperation, CatalogRegion, ErrorCode,
    DeriveTier,
    MetricLabel, MetricLabelValue,
}

/// <summary>
/// How a feature's field is counted: it separates the counters, is added up, or is added up and put into a histogram of powers of two.
/// </summary>
internal enum FieldRole { Value, Label, Sum, Histogram }
