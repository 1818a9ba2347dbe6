using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class CliWordTests
{
    [Theory]
    [InlineData("start", true)]
    [InlineData("s3", true)]
    [InlineData("k8s", true)]
    [InlineData("dry-run", true)]
    [InlineData("auth_token", true)]
    [InlineData("a", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdef", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefg", false)]
    [InlineData("v20", true)]
    [InlineData("v201", false)]
    [InlineData("b2adf05", false)]
    [InlineData("Start", false)]
    [InlineData("startX", false)]
    [InlineData("3s", false)]
    [InlineData("-start", false)]
    [InlineData("start-", false)]
    [InlineData("dry--run", false)]
    [InlineData("name=jane", false)]
    [InlineData("/home", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("stärt", false)]
    [InlineData("", false)]
    public void A_word_is_short_lower_case_and_nearly_without_digits(string text, bool isWord) => Assert.Equal(isWord, CliWord.IsWord(text));

    [Theory]
    [InlineData("localstack config validate", "localstack config validate")]
    [InlineData("  localstack   start ", "localstack start")]
    [InlineData("localstack start --detach now", "localstack start")]
    [InlineData("localstack start /home/jane now", "localstack start")]
    [InlineData("localstack pod save Jane now", "localstack pod save")]
    [InlineData("a b c d e f", "a b c d e")]
    [InlineData("token=jane start", null)]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData(null, null)]
    public void A_command_path_ends_at_the_first_value(string? command, string? path)
    {
        Assert.Equal(path, Shipped.CommandPath(command));
        Assert.Equal(path, Shipped.CommandPath(path));
    }

    [Theory]
    [InlineData("a b c", 2, "a b")]
    [InlineData("a b c", 0, null)]
    [InlineData("a b c d e f", 9, "a b c d e f")]
    public void A_command_path_has_no_more_words_than_asked_for(string command, int words, string? path) =>
        Assert.Equal(path, CliWord.CommandPath(command, words));

    [Theory]
    [InlineData("file", "file")]
    [InlineData("--detach", "detach")]
    [InlineData("-d", "d")]
    [InlineData("---detach", null)]
    [InlineData("--token=jane", null)]
    [InlineData("--Token", null)]
    [InlineData("--", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_parameter_is_named_without_its_dashes(string? parameter, string? name) => Assert.Equal(name, CliWord.ParameterName(parameter));
}
