using Collector.Redaction;
using Collector.Storage;

namespace Collector.Metrics;

/// <summary>
/// Calls of all users by service, operation and status code. An item holds the calls of a day, service and bucket of operations:
/// an attribute for each <c>Operation#status</c>, and <c>sessions</c>, the number of Pro sessions that called the service for
/// the first time on that day.
/// </summary>
internal static class RequestMetric
{
    public static readonly Metric Metric = new("requests", ShownByDay: true);

    /// <summary>The attribute that counts sessions. The attribute of a call contains a <c>#</c>.</summary>
    public const string Sessions = "sessions";

    /// <summary>
    /// The services whose operations, each with every status code, do not fit into one item, and the number of buckets for each. The bucket
    /// of an operation is part of a counter's key. An entry may therefore be added or changed only in a deployment that no pending delivery
    /// spans; otherwise a batch that was partly counted before it is counted again into another item.
    /// </summary>
    private static readonly Dictionary<string, int> Buckets = new(StringComparer.Ordinal)
    {
        ["ec2"] = 16, ["sagemaker"] = 8, ["connect"] = 8, ["iot"] = 4, ["glue"] = 4, ["quicksight"] = 4, ["datazone"] = 4, ["iam"] = 4,
        ["cloudfront"] = 4, ["rds"] = 4, ["lightsail"] = 4, ["ssm"] = 4, ["redshift"] = 4, ["bedrock-agentcore-control"] = 2,
        ["medialive"] = 2,
        ["cognito-idp"] = 2, ["gamelift"] = 2, ["dms"] = 2, ["iotwireless"] = 2, ["sesv2"] = 2, ["bedrock"] = 2,
        ["pinpoint-sms-voice-v2"] = 2,
        ["config"] = 2, ["s3"] = 2,
    };

    public static Increment Calls(string day, string service, string operation, int status, long calls, int shard) => new(
        Key(day, service, operation, shard),
        Attribute(operation, StatusCodes.Name(status)),
        calls,
        Otherwise: Attribute(AwsCatalog.Other, StatusCodes.Name(status)));

    /// <summary>A Pro session that called the service for the first time.</summary>
    public static Increment Session(string day, string service, int shard) => new(Key(day, service, Sessions, shard), Sessions, 1);

    public static CounterKey Key(string day, string service, string operation, int shard)
    {
        var buckets = Buckets.GetValueOrDefault(service, 1);
        return new(Metric.OfDay(day), buckets == 1 ? Group.Of(service, shard) : Group.Of(service, Group.Bucket(operation, buckets), shard));
    }

    public static string Attribute(string operation, string status) => $"{operation}#{status}";

    /// <summary>The service of a group, including groups from before operations were put into buckets by a hash.</summary>
    public static string ServiceOf(string group) => Group.PartOf(group);

    /// <summary>The operation and status that an attribute counts; null for <see cref="Sessions"/>.</summary>
    public static (string Operation, string Status)? Parse(string attribute) =>
        attribute.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? (attribute[..hash], attribute[(hash + 1)..]) : null;
}
