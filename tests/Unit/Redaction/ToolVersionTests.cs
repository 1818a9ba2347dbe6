using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public sealed class ToolVersionTests
{
    [Theory]
    [InlineData("1.25.52", "1.25.52")]
    [InlineData("v2", "v2")]
    [InlineData("v2.1", "v2.1")]
    [InlineData("0.1", "0.1")]
    [InlineData("120.0.6099.109", "120.0.6099.109")]
    // One number has at most three digits, two have six, three have eight and four have eleven.
    [InlineData("999", "999")]
    [InlineData("1000", "")]
    [InlineData("99.9999", "99.9999")]
    [InlineData("999.9999", "")]
    [InlineData("12345.1", "12345.1")]
    [InlineData("99.999.999", "99.999.999")]
    [InlineData("999.999.999", "")]
    [InlineData("999.999.99.999", "999.999.99.999")]
    [InlineData("999.999.999.999", "")]
    // A number of six digits is not part of a version.
    [InlineData("1.12345", "1.12345")]
    [InlineData("1.123456", "1")]
    [InlineData("123456", "")]
    // Only one number may be long.
    [InlineData("1111.1.111.1", "1111.1.111.1")]
    [InlineData("1111.1.1111.1", "")]
    // Versions have leading zeros only in numbers of two digits after the first (22.04).
    [InlineData("22.04", "22.04")]
    [InlineData("01.1", "")]
    [InlineData("1.010", "")]
    [InlineData("01.010", "")]
    [InlineData("01.1.1", "")]
    // Four numbers of a byte each may be an address.
    [InlineData("10.0.0.12", "10.0.0")]
    [InlineData("10.0.0.255", "10.0.0")]
    [InlineData("10.0.0.256", "10.0.0.256")]
    [InlineData("256.256.1.1", "256.256.1.1")]
    // More numbers in the same style may be a telephone number.
    [InlineData("33-6", "")]
    [InlineData("33-", "33")]
    [InlineData("33.6.12.34.56", "")]
    [InlineData("1.2.3-5", "1.2.3")]
    [InlineData("1.2.3.4-5", "1.2.3")]
    // A stage is a known word and a small number.
    [InlineData("1.0.5.dev", "1.0.5.dev")]
    [InlineData("1.0-rc.1", "1.0-rc.1")]
    [InlineData("1.0_b2", "1.0_b2")]
    [InlineData("1.0-rc.", "1.0-rc")]
    [InlineData("1.0-rc.x", "1.0-rc")]
    [InlineData("1.0-rc1234", "1.0-rc1234")]
    [InlineData("1.0-rc12345", "1.0")]
    [InlineData("1.0-rcx", "1.0")]
    [InlineData("1.0-rc1x", "1.0")]
    [InlineData("1.0+rc", "1.0")]
    [InlineData("1.0-", "1.0")]
    [InlineData("1.0.secret", "1.0")]
    [InlineData("1x", "")]
    [InlineData("1.2x", "")]
    [InlineData("v", "")]
    [InlineData(".1", "")]
    [InlineData("", "")]
    public void The_beginning_that_is_a_version_stays(string text, string version) =>
        Assert.Equal(version, text[..ToolVersion.Length(text)]);
}
