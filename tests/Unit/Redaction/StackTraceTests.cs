using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class StackTraceTests
{
    private const string Own = "/opt/code/localstack/.venv/lib/python3.11/site-packages/";

    [Fact]
    public void A_removed_frame_leaves_a_redaction_mark_even_at_the_end() => Assert.Equal(
        "a.py:1 in f\n‹…›\nKeyError",
        Shipped.StackTrace(
            $"  File \"{Own}moto/a.py\", line 1, in f\n    g(jane)\n  File \"/home/jane/x.py\", line 3, in g\n    boom()\nKeyError"));

    [Fact]
    public void Frames_of_known_packages_are_kept_without_folders_and_source_lines()
    {
        var trace = $"""
            Traceback (most recent call last):
              File "{Own}rolo/gateway/chain.py", line 166, in handle
                handler(self, self.context, response)
              File "{Own}localstack/services/sqs/provider.py", line 812, in _require_queue
                raise QueueDoesNotExist("orders")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              File "/opt/code/localstack/localstack-core/localstack/aws/handlers/service.py", line 7, in <lambda>
              File "/opt/code/localstack/localstack/aws/chain.py", line 57
              File "C:\Python\Lib\site-packages\moto\core\responses.py", line 5, in dispatch
            botocore.exceptions.ClientError: An error occurred (ResourceNotFoundException) when calling the GetQueueUrl operation: The queue orders does not exist
            """;
        Assert.Equal(
            """
            chain.py:166 in handle
            provider.py:812 in _require_queue
            service.py:7 in <lambda>
            chain.py:57
            responses.py:5 in dispatch
            ClientError: An error occurred (ResourceNotFoundException) when calling the ‹…› operation: The ‹…› does not exist
            """,
            Shipped.StackTrace(trace));
    }

    [Theory]
    [InlineData("/home/jane/shop/app.py")]
    [InlineData("/etc/localstack/init/ready.d/seed.py")]
    [InlineData("/home/jane/localstack/seed.py")]
    [InlineData("/opt/code/localstack/seed/seed.py")]
    [InlineData("/var/task/boto3/seed.py")]
    [InlineData("/var/lib/localstack/lib/extensions/python_venv/lib/python3.11/site-packages/acme_extension/localstack/seed.py")]
    [InlineData("/usr/lib/python3/dist-packages/acme/seed.py")]
    [InlineData("/usr/lib/python3/site-packages/localstack_of_jane/seed.py")]
    [InlineData("/usr/lib/python3/site-packages/localstack.py")]
    [InlineData("/usr/lib/python3/site-packages/localstack/../../../home/jane/seed.py")]
    [InlineData("/opt/code/localstack/localstack/../../../home/jane/seed.py")]
    [InlineData("<frozen runpy>")]
    [InlineData("")]
    public void Frames_of_other_code_become_one_redaction_mark(string path)
    {
        var trace = $"""
            Traceback (most recent call last):
              File "{Own}moto/core/responses.py", line 12, in dispatch
                return self.call_action()
              File "{path}", line 3, in jane_secret
                jane.secret()
              File "{path}", line 4, in jane_secret
            ValueError
            """;
        Assert.Equal("responses.py:12 in dispatch\n‹…›\nValueError", Shipped.StackTrace(trace));
    }

    [Theory]
    [InlineData("jane.py\", line 3, in jane secret")]
    [InlineData("jane-1.py\", line 3, in handle")]
    [InlineData("jane\", line 3, in handle")]
    [InlineData("chain.py\", line 3x, in handle")]
    [InlineData("chain.py\", line 1234567, in handle")]
    [InlineData("chain.py\", line 3, of handle")]
    [InlineData("jäne.py\", line 3, in handle")]
    [InlineData("chain.py\", in handle")]
    [InlineData("chain.py")]
    public void A_frame_of_another_shape_becomes_a_redaction_mark(string frame) =>
        Assert.Equal("‹…›\nKeyError: '‹…›'", Shipped.StackTrace($"  File \"{Own}localstack/{frame}\n    x()\nKeyError: 'jane'"));

    [Theory]
    [InlineData("KeyError: 'orders'", "KeyError: '‹…›'")]
    [InlineData("localstack.aws.api.CommonServiceException: The specified bucket does not exist",
        "CommonServiceException: The specified bucket does not exist")]
    [InlineData("jane.shop.OrdersError: The specified bucket does not exist", "‹…›")]
    [InlineData("jane says hello", "‹…›")]
    [InlineData("RecursionError", "RecursionError")]
    [InlineData("", "")]
    public void The_type_of_the_cause_is_kept_and_its_message_is_redacted(string cause, string redacted)
    {
        Assert.Equal(redacted, Shipped.StackTrace(cause));
        Assert.Equal($"x.py:1 in f\n{redacted}".TrimEnd(), Shipped.StackTrace(
            $"  File \"{Own}moto/x.py\", line 1, in f\n    boom(jane)\n{cause}"));
    }

    [Fact]
    public void A_message_of_several_lines_is_redacted_as_one() => Assert.Equal(
        "x.py:1 in f\nValueError: The specified bucket does not exist: ‹…›",
        Shipped.StackTrace(
            $"  File \"{Own}moto/x.py\", line 1, in f\n    boom(jane)\nValueError: The specified\n  bucket does not\nexist: jane"));

    [Fact]
    public void Only_the_last_of_several_chained_causes_is_kept()
    {
        var trace = $"""
            Traceback (most recent call last):
              File "{Own}moto/a.py", line 1, in f
                boom(jane)
            KeyError: 'jane'

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "{Own}moto/b.py", line 2, in g
                boom(jane)
            IndexError: list index out of range
            """;
        Assert.Equal("a.py:1 in f\n‹…›\nb.py:2 in g\nIndexError: list index out of range", Shipped.StackTrace(trace));
    }

    [Fact]
    public void A_long_trace_keeps_its_end_within_the_limit()
    {
        var frames = string.Concat(Enumerable.Range(
            1, 2000).Select(i => $"  File \"{Own}moto/core/responses.py\", line {i}, in dispatch\n    again()\n"));
        var result = Shipped.StackTrace(frames + "RecursionError: maximum recursion depth exceeded");
        Assert.InRange(result.Length, Shipped.MaxTrace - 64, Shipped.MaxTrace);
        Assert.StartsWith("‹…›\nresponses.py:", result);
        Assert.EndsWith("responses.py:2000 in dispatch\nRecursionError: maximum recursion depth exceeded", result);
    }

    [Fact]
    public void The_limit_of_a_trace_is_in_bytes()
    {
        var frames = string.Concat(Enumerable.Range(
            1, 2000).Select(i => $"  File \"{Own}moto/core/responses.py\", line {i}, in dispatch\n  File \"/jane.py\", line 1, in jane\n"));
        Assert.InRange(Encoding.UTF8.GetByteCount(Shipped.StackTrace(frames + "KeyError")), Shipped.MaxTrace - 64, Shipped.MaxTrace);
    }

    [Fact]
    public void Traces_of_other_languages_are_removed() => Assert.Equal(
        "‹…›",
        Shipped.StackTrace(
            "java.lang.IllegalStateException: jane\n\tat com.acme.Shop.run(Shop.java:12)\n\tat com.acme.Main.main(Main.java:3)"));
}
