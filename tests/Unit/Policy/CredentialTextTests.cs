using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

public class CredentialTextTests
{
    [Theory]
    [InlineData("ls-token", "ls-token")]
    [InlineData("ls-token\n", "ls-token")]
    [InlineData("ls-token\r\n", "ls-token")]
    [InlineData(" \t ls-token ", "ls-token")]
    [InlineData("\"ls-token\"", "ls-token")]
    [InlineData("'ls-token'\n", "ls-token")]
    [InlineData("\" ls-token\"", "ls-token")]
    [InlineData("\ufeffls-token\n", "ls-token")]
    [InlineData("ls\"token", "ls\"token")]
    [InlineData("two words", "two words")]
    [InlineData("\"\"", "")]
    [InlineData("\n", "")]
    [InlineData("", "")]
    public void White_space_and_quotes_around_a_credential_are_removed(string sent, string credential) =>
        Assert.Equal(credential, CredentialText.Trim(sent).ToString());
}
