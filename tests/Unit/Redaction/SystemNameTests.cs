using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class SystemNameTests
{
    [Theory]
    [InlineData("Linux", "Linux")]
    [InlineData("linux", "Linux")]
    [InlineData("docker", "Docker")]
    [InlineData("Docker Desktop,5.15.90.1-microsoft-standard-WSL2,x86_64", "Docker Desktop")]
    [InlineData("Ubuntu 22.04.3 LTS,5.15.0-91-generic,x86_64", "Ubuntu")]
    [InlineData("Debian GNU/Linux 12 (bookworm),6.1.0,aarch64", "Debian")]
    [InlineData("Alpine Linux v3.18,6.1.0,aarch64", "Alpine Linux")]
    [InlineData("Linux Mint 21", "Linux Mint")]
    [InlineData("Linux(Container),6.18.44-fc-v782,x86_64", "Linux")]
    [InlineData("Linux(Container)", "Linux")]
    [InlineData("linux (container),4.14.336,aarch64", "Linux")]
    [InlineData("OrbStack,6.12.5-orbstack,aarch64", "OrbStack")]
    [InlineData("Alpine Linux v3.18,5.15.0,x86_64", "Alpine Linux")]
    [InlineData("Windows(Jane),10,AMD64", "Windows")]
    [InlineData("(Linux)", "other")]
    [InlineData("Darwin", "Darwin")]
    [InlineData("windows", "Windows")]
    [InlineData("Linuxjane", "other")]
    [InlineData("jane's laptop", "other")]
    [InlineData("jane Linux", "other")]
    [InlineData(",Linux", "other")]
    [InlineData("", "other")]
    [InlineData("other", "other")]
    public void The_operating_system_is_one_of_the_list_or_other(string system, string name)
    {
        Assert.Equal(name, SystemName.Clean(system));
        Assert.Equal(name, SystemName.Clean(name));
    }
}
