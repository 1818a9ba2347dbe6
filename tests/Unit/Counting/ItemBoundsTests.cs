using System.Text;
using Collector.Metrics;
using Collector.Policy;
using Collector.Redaction;
using Collector.Storage;
using Collector.Tests.Unit.Policy;
using Xunit.Abstractions;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// The largest possible size of each counter item, computed from the catalogs: names, status codes and numbers of 19 digits. DynamoDB
/// allows 400 KB per item. A failure means that a catalog has outgrown its items.
/// </summary>
public sealed class ItemBoundsTests(ITestOutputHelper output)
{
    private const int Most = 300 * 1024;
    private const string Day = "2026-11-22";

    // Key, policy, and the checkpoints of all stream shards of a day: a shard lives for about four hours, and a few share a counter shard.
    private const int Fixed = 1_000 + (30 * (17 + 69));

    private static readonly (string Service, string Operation)[] Operations =
    [
        .. Encoding.ASCII.GetString(SortedLines.Embedded("aws-operations.tsv").Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1])),
        (AwsCatalog.Other, AwsCatalog.Other),
    ];

    [Fact]
    public void Calls_of_all_operations_with_every_status_code_fit_into_their_items()
    {
        var items = Operations.Select(o => (o.Service, Key: RequestMetric.Key(Day, o.Service, o.Operation, 0), o.Operation))
            .Concat(Operations.Select(o => (
                o.Service, Key: RequestMetric.Key(Day, o.Service, AwsCatalog.Other, 0), Operation: AwsCatalog.Other)).Distinct())
            .GroupBy(o => o.Key).Select(item => (
                Name: item.Key.Group, Size: item.Sum(
                    o => StatusCodes.Names.Sum(status => Size(RequestMetric.Attribute(o.Operation, status))))));
        Largest(items);
    }

    [Fact]
    public void No_service_has_more_buckets_than_it_needs()
    {
        foreach (var service in Operations.GroupBy(o => o.Service))
        {
            var buckets = service.Select(o => RequestMetric.Key(Day, o.Service, o.Operation, 0)).Distinct().Count();
            var all = service.Sum(o => StatusCodes.Names.Sum(status => Size(RequestMetric.Attribute(o.Operation, status))));
            Assert.True(buckets == 1 || all > Most * 4 / 5, $"{service.Key} has {buckets} buckets for {all / 1024} KB");
        }
    }

    [Fact]
    public void Commands_and_their_parameters_fit_into_an_item() =>
        Largest([("commands", Limits.CommandBytes * 2), ("sets", Limits.ParameterSetBytes)], together: true);

    [Fact]
    public void Every_aws_operation_fits_as_a_command_of_lstk()
    {
        // No program has more commands than lstk aws with service and operation. The tag for commands with other parameters is not longer.
        var buckets = Operations.Select(o => CliMetric.Of(new($"lstk aws {o.Service} {Kebab(o.Operation)}", []), Day, 0))
            .GroupBy(increment => increment.Key).Select(
                bucket => (Name: bucket.Key.Group, Size: bucket.Sum(increment => Size(increment.Attribute)))).ToList();
        Assert.Equal(CliMetric.Buckets, buckets.Count);
        Assert.All(buckets, bucket => Assert.InRange(bucket.Size, 1, Limits.CommandBytes * 9 / 10));
    }

    [Fact]
    public void Features_with_listed_labels_and_other_features_up_to_their_limit_fit_into_an_item()
    {
        var sizes = new List<(string, int)>();
        foreach (var feature in Policies.Everything.Enforced.Events.Where(e => e.Kind == EventKind.Feature))
        {
            if (ListedSize(feature) is { } size)
            {
                // Listed label sets are never cut.
                Assert.True(size <= Limits.LabelSetBytes, $"{feature.Name}: {size} bytes of listed label sets");
                sizes.Add((feature.Name, size));
            }
            else
            {
                // The numbers of a label set are added together. Only a histogram could add later numbers beyond the limit.
                Assert.DoesNotContain(feature.Fields!, field => field.Role == FieldRole.Histogram);
                sizes.Add((feature.Name, Limits.LabelSetBytes + (10 * 1024)));
            }
        }

        Largest(sizes);
    }

    [Fact]
    public void Sessions_by_version_and_system_fit_into_an_item() => Largest(
        [
            ("versions", Limits.VersionBytes),
            ("systems", Encoding.ASCII.GetString(SortedLines.Embedded("operating-systems.txt").Bytes).Split('\n').Append("other")
                .Sum(s => Size("system#" + s))),
        ],
        together: true);

    [Fact]
    public void The_ledger_with_every_reason_and_every_stripped_field_fits_into_an_item()
    {
        var paths = Policies.Everything.Enforced.Events.SelectMany(e => (e.Fields ?? []).SelectMany(f => new[]
        {
            $"{e.Name}.{f.Field}", $"{e.Name}.{f.Field}.*", $"{e.Name}.{f.Field}[]", $"{e.Name}.{f.Field}[].*",
        }).Append(e.Name + ".*").Append(e.Name + ".payload.*").Append(e.Name + ".metadata.*"));
        var reasons = Enum.GetValues<Outcome>().Select(reason => LedgerMetric.DroppedPrefix + reason.Name());
        Largest([("ledger", paths.Select(path => LedgerMetric.StrippedPrefix + path).Concat(reasons).Sum(Size))]);
    }

    [Fact]
    public void A_sessions_hour_and_its_total_fit_into_their_items()
    {
        var fields = Policies.Shipped.Enforced.Events.Single(e => e.Kind == EventKind.Call).Fields!;
        var call = Operations.Max(o => Size(StackMetric.Call(o.Service, o.Operation, "4xx")));
        var agent = Size(StackMetric.UserAgentPrefix) + fields.Single(f => f.As == "user_agent").AtMost!.Value;
        var region = Size(StackMetric.RegionPrefix) + fields.Single(f => f.As == "region").MaxLength;
        var minutes = Enumerable.Range(0, 60).Sum(m => Size($"minute#{m}") + Size($"failed_minute#{m}"));
        Largest([
            ("hour", (call * (Limits.CallsPerSessionHour + StatusCodes.Names.Count()))
                + ((agent + region) * (Limits.NamesPerSessionHour + 1)) + minutes),
            ("total", Operations.Select(o => o.Service).Distinct().Sum(service => Size(StackMetric.ServicePrefix + service))),
        ]);
    }

    // The size of all numbers of all label sets; null where a label is not from a list.
    private static int? ListedSize(EventDocument feature)
    {
        var fields = feature.Fields!.Where(f => f.As is not null).ToList();
        var labels = fields.Where(f => f.Role == FieldRole.Label).ToList();
        if (labels.Exists(label => label.Values is null)) return null;
        var sets = labels.Aggregate<FieldDocument, IEnumerable<string>>([""], (sets, label) =>
            sets.SelectMany(set => label.Values!.Select(value => $"{set},{label.As}={value}").Concat(label.Required ? [] : [set])));
        var all = sets.Select(set => set.TrimStart(',')).ToList();
        return all.Sum(set => Numbers(feature).Sum(number => Size(FeatureMetric.Attribute(set, number))));
    }

    private static IEnumerable<string> Numbers(EventDocument feature) => feature.Fields!.SelectMany(field => field.Role switch
    {
        FieldRole.Sum => [FeatureMetric.SumPrefix + field.As],
        FieldRole.Histogram =>
            Powers(field.Max).Select(power => FeatureMetric.Histogram(field.As!, power)).Append(FeatureMetric.SumPrefix + field.As),
        _ => Enumerable.Empty<string>(),
    }).Append(FeatureMetric.Uses);

    private static IEnumerable<long> Powers(long most)
    {
        yield return 0;
        for (var power = 1L; power < most * 2; power *= 2) yield return power;
    }

    private static string Kebab(string operation) =>
        string.Concat(operation.Select(
            (c, i) => char.IsUpper(c) && i > 0 ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private static int Size(string attribute) => Encoding.UTF8.GetByteCount(attribute) + Room.NumberBytes;

    private void Largest(IEnumerable<(string Name, int Size)> parts, bool together = false)
    {
        var all = parts.ToList();
        var largest = together
            ? (Name: string.Join(" + ", all.Select(part => part.Name)), Size: all.Sum(part => part.Size)) : all.MaxBy(part => part.Size);
        output.WriteLine($"{largest.Name}: {(largest.Size + Fixed) / 1024} KB");
        Assert.InRange(largest.Size + Fixed, 1, Most);
    }
}
