using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class LocalStackVersionTests
{
    [Theory]
    [InlineData("2026.3.1", "2026.3.1")]
    [InlineData("2026.3.1.dev7:8b9a79f05", "2026.3.1.dev7")]
    [InlineData("1.0.0:3f1b2c9", "1.0.0")]
    [InlineData("4.9.3.dev12345", "4.9.3.dev12345")]
    [InlineData("4.9.3.dev12345:1", "4.9.3.dev12345")]
    [InlineData("0.14.0.7", "0.14.0.7")]
    [InlineData("0.14.0.7:abc", "0.14.0.7")]
    [InlineData("1.0.5.dev", "1.0.5.dev")]
    [InlineData("3.0.0rc1", "3.0.0rc1")]
    [InlineData("3.8.1.post1", "3.8.1.post1")]
    [InlineData("4.0.dev3+g8b9a79f05.d20241212", "4.0.dev3")]
    [InlineData("2026.3.1:", "2026.3.1")]
    [InlineData(" 2026.3.1\n", "2026.3.1")]
    [InlineData("2026.3.1:jane's build", "2026.3.1")]
    [InlineData("192.168.1.10", null)]
    [InlineData("10.0.0.1:8080", null)]
    [InlineData("1.0-of-jane", null)]
    [InlineData("2026.3.1 jane", null)]
    [InlineData("4.9.3.dev123456", null)]
    [InlineData("latest", null)]
    [InlineData("7", null)]
    [InlineData("", null)]
    [InlineData(":8b9a79f05", null)]
    public void The_version_is_kept_and_the_hash_cut(string sent, string? version)
    {
        Assert.Equal(version, LocalStackVersion.Clean(sent));
        if (version is not null) Assert.Equal(version, LocalStackVersion.Clean(version));
    }
}
