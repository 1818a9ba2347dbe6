using System.Text;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>What is left of values at the edges of their rules.</summary>
public sealed class CleanValueTests
{
    private const string Session = "{\"field\": \"metadata.session_id\", \"do\": \"drop\"}";

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("5", 5L)]
    [InlineData("0", null)]
    [InlineData("6", null)]
    [InlineData("1.0", 1L)]
    [InlineData("5.0", 5L)]
    [InlineData("0.9999", null)]
    [InlineData("5.0001", null)]
    [InlineData("2.5", 3L)]
    [InlineData("2.4999", 2L)]
    [InlineData("\"3\"", null)]
    [InlineData("true", null)]
    public void A_number_is_kept_within_its_range_and_rounded(string sent, long? kept) =>
        Assert.Equal(kept, Sum("\"type\": \"number\", \"min\": 1, \"max\": 5", sent));

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("5", 5L)]
    [InlineData("6", null)]
    [InlineData("2.0", null)]
    public void A_whole_number_is_not_rounded(string sent, long? kept) =>
        Assert.Equal(kept, Sum("\"type\": \"integer\", \"min\": 1, \"max\": 5", sent));

    [Theory]
    [InlineData("9e14", 900_000_000_000_000L)]
    [InlineData("1e15", null)]
    [InlineData("1000000000000000", 1_000_000_000_000_000L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    public void A_number_that_cannot_be_rounded_exactly_is_not_kept(string sent, long? kept) => Assert.Equal(kept, Sum("\"type\": \"number\"", sent));

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(812, 1_024)]
    [InlineData(1_024, 1_024)]
    [InlineData(1_025, 2_048)]
    public void A_histogram_counts_by_powers_of_two(long number, long power) => Assert.Equal(power, CleanFields.PowerOfTwo(number));

    [Theory]
    [InlineData("sum", false)]
    [InlineData("histogram", true)]
    public void A_number_says_whether_it_is_a_histogram(string role, bool isHistogram)
    {
        var policy = TestPolicy.Of("feature", $$"""{{Session}}, {"field": "payload.n", "as": "n", "role": "{{role}}", "type": "integer"}""");
        Assert.Equal(isHistogram, Uses(policy.Clean("""{"n": 1}""")).Single().Sums.Single().Histogram);
    }

    [Fact]
    public void Each_text_of_a_list_is_a_use_of_its_own_up_to_the_limit()
    {
        var policy = TestPolicy.Of("feature",
            $$"""{{Session}}, {"field": "payload.names", "as": "name", "role": "label", "type": "texts", "at_most": 2, "values": ["a", "b", "c"]}""");
        var result = policy.Clean("""{"names": ["a", "jane", "b", 7, "c"]}""");
        Assert.Equal(["name=a", "name=b"], Uses(result).Select(use => $"{use.Labels.Single().Key}={use.Labels.Single().Value}"));
        Assert.Equal(3, result.Stripped.Single(field => field.Key == "x.payload.names").Value);
        Assert.Equal(Outcome.Invalid, policy.Clean("""{"names": []}""").Reason);
    }

    [Fact]
    public void A_text_is_kept_up_to_its_length_however_it_is_escaped()
    {
        var policy = TestPolicy.Of("feature", $$"""{{Session}}, {"field": "payload.t", "as": "t", "role": "label", "max_length": 300}""");
        foreach (var length in new[] { 255, 256, 257, 300 })
        {
            Assert.Equal(new string('a', length), Label(new string('a', length)));
            Assert.Equal(new string('a', length), Label(string.Concat(Enumerable.Repeat("\\u0061", length))));
        }

        Assert.Null(Label(new string('a', 301)));
        Assert.Null(Label(string.Concat(Enumerable.Repeat("\\u0061", 301))));

        string? Label(string text) => Uses(policy.Clean($$"""{"t": "{{text}}"}""")).Single().Labels.Select(label => label.Value).SingleOrDefault();
    }

    [Fact]
    public void A_session_has_the_facts_that_it_was_sent_with()
    {
        var session = Assert.IsType<CleanEvent.Session>(Policies.Shipped.Clean(RawEvents.Parse(Policies.Shipped, """
            {"name": "session", "payload": {"session_id": "880C3DE5-a2e9-4077-a334-3426cdeefe24", "machine_id": "gen_1", "api_key": "token",
             "system": "Linux", "version": "2026.3.1", "is_ci": true, "is_docker": false, "is_testing": true}}
            """)[0], Tier.Community).Event);
        Assert.Equal(("880c3de5-a2e9-4077-a334-3426cdeefe24", "Linux", "2026.3.1"), (session.Id, session.System, session.Version));
        Assert.Equal((true, false, true, Tier.Pro), (session.IsCi, session.IsDocker, session.IsTesting, session.Tier));
        Assert.Equal(
            (Policies.Fingerprints.Machine("gen_1"), Policies.Fingerprints.Credential("token")), (session.Machine, session.Credential));
    }

    [Fact]
    public void While_the_secret_is_replaced_a_credential_has_both_fingerprints()
    {
        const string Secrets = "2:the new secret of this test,1:the old secret of this test";
        var policy = TestPolicy.Of("session", """
            {"field": "payload.session_id", "as": "session_id", "type": "uuid"},
            {"field": "payload.api_key", "as": "credential", "do": "fingerprint_credential"}
            """, Secrets);
        var versions = new Fingerprints(Secrets).Versions;
        Assert.Equal(versions.Select(version => version.Credential("token")), Credentials("\"token\""));
        Assert.Empty(Credentials("7"));

        IReadOnlyList<string> Credentials(string sent) => Assert.IsType<CleanEvent.Session>(policy.Clean(
            $$"""{"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24", "api_key": {{sent}}}""").Event).Credentials;
    }

    [Fact]
    public void An_activation_has_fingerprints_of_its_credential_and_its_id()
    {
        var sent = Envelope.ParseActivation(
            Encoding.UTF8.GetBytes("""{"credentials": {"token": "ls-token"}, "activation_id": "act-17", "is_ci": true}"""), Policies.Shipped);
        var activation = Assert.IsType<CleanEvent.Activation>(Policies.Shipped.Clean(sent, Tier.Pro).Event);
        Assert.Equal(
            (Policies.Fingerprints.Credential("ls-token"), Policies.Fingerprints.Activation("act-17"), true),
            (activation.Credential, activation.Id, activation.IsCi));
    }

    [Fact]
    public void A_call_has_the_clients_time()
    {
        var call = Assert.IsType<CleanEvent.Call>(Policies.Shipped.Clean(RawEvents.Parse(Policies.Shipped, """
            {"name": "aws_request", "metadata": {"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24", "client_time": "2026-11-22 07:32:46.104217"},
             "payload": {"service": "s3", "operation": "PutObject", "status_code": 200}}
            """)[0], Tier.Pro).Event);
        Assert.Equal("2026-11-22 07:32:46.104217", call.ClientTime);
    }

    [Theory]
    [InlineData("stored")]
    [InlineData("duplicate")]
    [InlineData("not_collected")]
    [InlineData("unknown_event")]
    [InlineData("wrong_endpoint")]
    [InlineData("invalid")]
    [InlineData("opted_out")]
    [InlineData("too_many")]
    [InlineData("implausible")]
    public void Each_outcome_has_a_name(string name) => Assert.Single(Enum.GetValues<Outcome>(), outcome => outcome.Name() == name);

    private static IReadOnlyList<CleanEvent.FeatureUse> Uses(CleanResult result) => Assert.IsType<CleanEvent.Features>(result.Event).Uses;

    private static long? Sum(string rule, string sent)
    {
        var policy = TestPolicy.Of("feature", $$"""{{Session}}, {"field": "payload.n", "as": "n", "role": "sum", {{rule}}}""");
        return Uses(policy.Clean($$"""{"n": {{sent}}}""")).Single().Sums.Select(sum => (long?)sum.Amount).SingleOrDefault();
    }
}
