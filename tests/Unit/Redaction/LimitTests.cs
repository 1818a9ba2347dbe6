using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>The last text that passes a limit of the redaction, and the first that does not.</summary>
public sealed class LimitTests
{
    private const string Packages = "/usr/lib/python3/site-packages/";
    private const string Sentence = "The specified bucket does not exist";

    [Theory]
    [InlineData(0, Sentence)]
    // The message begins one character later, so its last word is not read whole.
    [InlineData(1, "The specified bucket does not ‹…›")]
    public void A_message_is_read_up_to_4096_characters(int more, string redacted) => Assert.Equal(
        redacted, MessageRedaction.Run(new string(' ', Redactor.MaxMessageInput - Sentence.Length + more) + Sentence, 1_024));

    [Theory]
    [InlineData(0, "x.py:1 in f\nKeyError")]
    [InlineData(1, "‹…›\nKeyError")]
    public void A_trace_is_read_from_its_last_65536_characters(int more, string redacted)
    {
        const string Frame = $"  File \"{Packages}moto/x.py\", line 1, in f\n    ";
        const string Cause = "\nKeyError";
        var source = new string('x', Redactor.MaxTraceInput - Frame.Length - Cause.Length + more);
        Assert.Equal(redacted, Redactor.StackTrace(Frame + source + Cause, 1_024));
    }

    [Fact]
    public void A_trace_of_the_longest_result_stays_whole_and_loses_its_first_frame_beyond_it()
    {
        var trace = $"  File \"{Packages}moto/first.py\", line 1, in f\n  File \"{Packages}moto/second.py\", line 2, in g\nKeyError";
        const string Whole = "first.py:1 in f\nsecond.py:2 in g\nKeyError";
        Assert.Equal(Whole, Redactor.StackTrace(trace, Whole.Length));
        Assert.Equal("‹…›\nsecond.py:2 in g\nKeyError", Redactor.StackTrace(trace, Whole.Length - 1));
        var mark = Encoding.UTF8.GetByteCount("‹…›\n");
        Assert.Equal("‹…›\nsecond.py:2 in g\nKeyError", Redactor.StackTrace(trace, mark + "second.py:2 in g\nKeyError".Length));
        Assert.Equal("‹…›\nKeyError", Redactor.StackTrace(trace, mark + "second.py:2 in g\nKeyError".Length - 1));
    }

    [Theory]
    [InlineData("<module>")]
    [InlineData("<lambda>")]
    [InlineData("<listcomp>")]
    [InlineData("<dictcomp>")]
    [InlineData("<setcomp>")]
    [InlineData("<genexpr>")]
    public void Functions_without_a_name_stay(string function) => Assert.Equal(
        $"x.py:1 in {function}\nKeyError", Redactor.StackTrace($"  File \"{Packages}moto/x.py\", line 1, in {function}\nKeyError", 1_024));

    [Theory]
    [InlineData(64, 64, 6, true)]
    [InlineData(65, 1, 1, false)]
    [InlineData(1, 65, 1, false)]
    [InlineData(1, 1, 7, false)]
    [InlineData(0, 1, 1, false)]
    [InlineData(1, 0, 1, false)]
    [InlineData(1, 1, 0, false)]
    public void A_frame_has_names_of_64_characters_and_line_numbers_of_6_digits(int file, int function, int number, bool stays)
    {
        var (f, g, n) = (new string('a', file), new string('b', function), new string('1', number));
        Assert.Equal(
            stays ? $"{f}.py:{n} in {g}\nKeyError" : "‹…›\nKeyError",
            Redactor.StackTrace($"  File \"{Packages}moto/{f}.py\", line {n}, in {g}\nKeyError", 1_024));
    }

    [Theory]
    [InlineData('/', 512, true)]
    [InlineData('\\', 512, true)]
    [InlineData('/', 513, false)]
    [InlineData('\\', 513, false)]
    public void A_path_has_at_most_512_characters(char separator, int length, bool stays)
    {
        const string Beginning = Packages + "moto/";
        const string End = "/x.py";
        var path = Beginning + new string('d', length - Beginning.Length - End.Length) + End;
        Assert.Equal(
            stays ? "x.py:1 in f\nKeyError" : "‹…›\nKeyError",
            Redactor.StackTrace($"  File \"{path.Replace('/', separator)}\", line 1, in f\nKeyError", 1_024));
    }

    [Theory]
    [InlineData("/site-packages/moto/x.py", true)]
    [InlineData("../site-packages/moto/x.py", false)]
    [InlineData("/site-packages//moto/x.py", false)]
    [InlineData("/site-packages/moto", false)]
    [InlineData("\\site-packages\\moto\\x.py", true)]
    public void A_package_is_told_by_its_folder(string path, bool stays) => Assert.Equal(
        stays ? "x.py:1 in f\nKeyError" : "‹…›\nKeyError", Redactor.StackTrace($"  File \"{path}\", line 1, in f\nKeyError", 1_024));

    [Theory]
    [InlineData("Boto3/1.2.3", 11)]
    [InlineData("Boto3/1.2.3-rc.1", 16)]
    [InlineData("Linux", 5)]
    [InlineData("os/linux", 8)]
    [InlineData("lang/python#3.11", 16)]
    public void A_tool_stays_where_it_fits_and_goes_where_it_does_not(string agent, int length)
    {
        Assert.Equal(agent, UserAgent.Clean(agent, length));
        Assert.Equal("", UserAgent.Clean(agent, length - 1));
        Assert.Equal($"{agent} {agent}", UserAgent.Clean($"{agent} {agent}", (2 * length) + 1));
        Assert.Equal(agent, UserAgent.Clean($"{agent} {agent}", 2 * length));
    }

    [Theory]
    [InlineData(2_048, "Boto3/1.2.3")]
    [InlineData(2_049, "")]
    public void A_user_agent_is_read_up_to_2048_characters(int length, string clean) =>
        Assert.Equal(clean, UserAgent.Clean(new string('x', length - " Boto3/1.2.3".Length) + " Boto3/1.2.3", 256));

    [Theory]
    [InlineData("cp")]
    [InlineData("ls")]
    [InlineData("mb")]
    [InlineData("mv")]
    [InlineData("presign")]
    [InlineData("rb")]
    [InlineData("rm")]
    [InlineData("sync")]
    [InlineData("website")]
    public void The_AWS_CLIs_own_commands_of_s3_stay(string command) =>
        Assert.Equal($"lstk aws s3 {command}", CliCatalog.Command($"aws s3 {command} jane s3://jane", "lstk"));

    [Theory]
    [InlineData("aws s3api put-object", "lstk aws s3api put-object")]
    [InlineData("aws s3api cp", "lstk aws s3api")]
    [InlineData("aws configservice put-config-rule", "lstk aws configservice put-config-rule")]
    [InlineData("aws deploy create-application", "lstk aws deploy create-application")]
    [InlineData("aws config put-config-rule", "lstk aws config put-config-rule")]
    [InlineData("aws jane put-object", "lstk aws")]
    public void Services_are_known_by_the_AWS_CLIs_names_too(string line, string command) =>
        Assert.Equal(command, CliCatalog.Command(line, "lstk"));

    [Theory]
    [InlineData("dry-run", "dry_run", true)]
    [InlineData("dry_run", "dry-run", true)]
    [InlineData("dry-run", "dryxrun", false)]
    public void A_dash_and_an_underscore_are_the_same_in_a_parameter_and_nothing_else_is(string listed, string sent, bool same)
    {
        var known = CliCatalog.Parameter("localstack pod save", listed) ?? CliCatalog.Parameter("localstack pod load", listed);
        Assert.NotNull(known);
        Assert.Equal(same ? known : null, CliCatalog.Parameter("localstack pod save", sent) ?? CliCatalog.Parameter("localstack pod load", sent));
    }

    [Theory]
    [InlineData("ListIPs", "list-ips")]
    [InlineData("BatchPartiQLQuery", "batch-partiql-query")]
    [InlineData("IPs", "ips")]
    [InlineData("GetAs", "get-as")]
    public void Plurals_of_capitals_are_one_word_of_a_command(string operation, string command) =>
        Assert.Equal(command, AwsCliName.Of(operation));
}
