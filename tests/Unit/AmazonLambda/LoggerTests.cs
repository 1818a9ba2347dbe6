using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.AmazonLambda;

public sealed class LoggerTests : IDisposable
{
    private readonly MemoryStream output = new();
    private readonly JsonLogger json;
    private readonly ILambdaLogger logger;

    public LoggerTests()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 32, 46, 103, TimeSpan.FromHours(1)));
        logger = json = new JsonLogger(output, clock, LogLevel.Information);
    }

    public void Dispose() => json.Dispose();

    [Fact]
    public void A_line_is_one_JSON_object_with_the_names_that_queries_use()
    {
        json.Enter("r1", "Root=1-2-3");
        logger.LogInformation("{outcome}: {received} received, {share:0.0} {{kept}}", "stored", 20, 0.5);
        Assert.Equal(
            """{"timestamp":"2026-11-22T07:32:46.103Z","level":"Information","requestId":"r1","traceId":"Root=1-2-3","""
            + "\"message\":\"stored: 20 received, 0.5 {kept}\"}\n",
            Text);
    }

    [Fact]
    public void Fields_of_the_invocation_and_the_trace_are_left_out_when_there_is_none()
    {
        logger.LogLine("start");
        json.Enter("r1", null);
        logger.LogWarning("on");
        Assert.Equal(["timestamp", "level", "message"], Lines[0].AsObject().Select(p => p.Key));
        Assert.Equal(["timestamp", "level", "requestId", "message"], Lines[1].AsObject().Select(p => p.Key));
    }

    [Theory]
    [InlineData("two\nlines\r\n\t\"quoted\" \\ \u0000 \u2028")]
    [InlineData("a {brace} without an argument")]
    [InlineData("é 😀")]
    public void Any_message_is_logged_as_one_line_and_read_back_unchanged(string message)
    {
        logger.LogError(message);
        Assert.Equal(message, (string?)Assert.Single(Lines)["message"]);
        Assert.Single(Text, '\n');
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_break_the_log()
    {
        logger.LogError("a\ud800b");
        Assert.Equal("a\ufffdb", (string?)Assert.Single(Lines)["message"]);
    }

    [Fact]
    public void Lines_below_the_level_are_not_written()
    {
        logger.LogTrace("no");
        logger.LogDebug("no {n}", 1);
        logger.LogDebug(new InvalidOperationException(), "no");
        logger.LogInformation("yes");
        logger.Log(LogLevel.Critical, "yes");
        Assert.Equal(["Information", "Critical"], Lines.Select(l => (string?)l["level"]));
    }

    [Fact]
    public void An_exception_is_logged_with_its_type_message_and_stack()
    {
        try
        {
            throw new FormatException("'x' is not a number");
        }
        catch (FormatException e)
        {
            logger.LogError(e, "failed {n}", 1);
        }

        var line = Assert.Single(Lines);
        Assert.Equal("failed 1", (string?)line["message"]);
        Assert.Equal("System.FormatException", (string?)line["errorType"]);
        Assert.Contains(nameof(LoggerTests), (string?)line["stackTrace"], StringComparison.Ordinal);
        Assert.Equal("'x' is not a number", (string?)line["errorMessage"]);
    }

    [Theory]
    [InlineData("{a} {b} {c}", "1 2 {c}")]
    [InlineData("{a", "{a")]
    [InlineData("a}} {x}", "a} 1")]
    [InlineData("no placeholder", "no placeholder")]
    public void A_template_takes_its_arguments_in_order(string template, string expected) =>
        Assert.Equal(expected, LogTemplate.Format(template, [1, 2]));

    private string Text => Encoding.UTF8.GetString(output.ToArray());

    private JsonNode[] Lines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
}
