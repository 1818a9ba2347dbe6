using Collector.Storage;

namespace Collector.Metrics;

/// <summary>
/// CLI invocations by command and set of parameters. A day's commands share <see cref="Buckets"/> items per counter shard. Their
/// attributes are <c>command#localstack start</c> (no parameters), <c>set#localstack start|detached,network</c> and, where an item has no
/// room for another set, <c>more#localstack start</c>. So the invocations of every command are exact, and one sender can add only a
/// limited amount to an item.
/// </summary>
internal static class CliMetric
{
    public static readonly Metric Metric = new("cli", ShownByDay: true, GrowsByNames: true);

    /// <summary>Shown instead of a set of parameters, or a command, for which there was no room.</summary>
    public const string Other = "other";

    /// <summary>How many items the commands of a day share: <c>lstk aws</c> has a command for every operation of AWS.</summary>
    public const int Buckets = 32;

    private const string CommandTag = "command#";
    private const string SetTag = "set#";
    private const string MoreTag = "more#";
    private const string OtherCommand = CommandTag + Other;

    // Before the commands of a day shared items, each command and set of parameters had its own item, with this as its only number.
    private const string OldAttribute = "invocations";

    public static Increment Of(LoggedInvocation invocation, string day, int shard)
    {
        var command = invocation.Command;
        var key = new CounterKey(Metric.OfDay(day), Group.Of("", Group.Bucket(command, Buckets), shard));
        if (invocation.Parameters.Count == 0) return new(key, CommandTag + command, 1, Command(CommandTag + command), OtherCommand);
        var set = $"{SetTag}{command}|{string.Join(',', invocation.Parameters)}";
        return new(
            key, set, 1, new Room(set, int.MaxValue, Limits.ParameterSetBytes, MoreTag + command, Command(MoreTag + command)),
            OtherCommand);
    }

    /// <summary>
    /// The command, and its parameters joined by commas, that an attribute counts; null for an attribute that counts no invocations.
    /// </summary>
    public static (string Command, string Parameters)? Parse(string group, string attribute)
    {
        if (attribute.StartsWith(SetTag, StringComparison.Ordinal)) return Split(attribute[SetTag.Length..]);
        if (attribute.StartsWith(CommandTag, StringComparison.Ordinal)) return (attribute[CommandTag.Length..], "");
        if (attribute.StartsWith(MoreTag, StringComparison.Ordinal)) return (attribute[MoreTag.Length..], Other);
        return attribute == OldAttribute ? Split(Group.Unsharded(group)) : null;
    }

    private static Room Command(string name) => new(name, int.MaxValue, Limits.CommandBytes, OtherCommand);

    private static (string, string) Split(string text)
    {
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        return (text[..bar], text[(bar + 1)..]);
    }
}
