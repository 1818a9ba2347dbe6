using System.Globalization;
using Amazon.DynamoDBv2;
using Collector.Policy;
using Collector.Tests.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Collector.Tests.Integration.Counting;

/// <summary>
/// Runs the unit tests' model of counting against DynamoDB Local, which evaluates expressions and conditions, with fewer cases
/// of the same kind.
/// </summary>
public sealed class ModelTests(DynamoDbLocal dynamoDb) : IClassFixture<DynamoDbLocal>, IAsyncLifetime
{
    private const int Cases = 60;
    private DynamoDbCounters counters = null!;
    private int metrics;

    public async Task InitializeAsync()
    {
        counters = new DynamoDbCounters(dynamoDb.Client);
        if ((await dynamoDb.Client.ListTablesAsync()).TableNames is not { } tables
            || !tables.Contains(CaseRunner.Table)) await counters.Create();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Each_record_is_counted_once_in_the_real_table() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithEndSize(12), Property(Designs.Checkpoints));

    [Fact]
    public void Summing_without_checkpoints_miscounts_in_the_real_table_too()
    {
        var failure = Assert.ThrowsAny<Exception>(() =>
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithEndSize(12), Property(Designs.FoldWithoutCheckpoints)));
        Assert.Contains("Falsifiable", failure.Message, StringComparison.Ordinal);
    }

    // Each case has its own metric, so that cases do not share numbers.
    private Property Property(Func<IAmazonDynamoDB, Count> design) => Prop.ForAll(Model.Cases.All, example =>
    {
        var metric = string.Create(CultureInfo.InvariantCulture, $"requests#{design.Method.Name} {Interlocked.Increment(ref metrics)}");
        var differences = new CaseRunner(counters, design, metric).Differences(example).GetAwaiter().GetResult();
        return (differences.Count == 0).Label(string.Join("\n", differences));
    });
}
