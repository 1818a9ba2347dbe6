using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class ClientTimeTests
{
    [Theory]
    [InlineData("2022-08-30 12:27:25.556001", true)]
    [InlineData("2022-08-30 12:27:25.5", true)]
    [InlineData("2022-08-30 12:27:25", true)]
    [InlineData("2022-08-30 12:27:25.", false)]
    [InlineData("2022-08-30 12:27:25.5560011", false)]
    [InlineData("2022-08-30 12:27:2", false)]
    [InlineData("2022-08-30T12:27:25", false)]
    [InlineData("2022-08-30 12:27:25\n", false)]
    [InlineData("2022-08-30 12:27:25Z", false)]
    [InlineData("٢٠٢٢-08-30 12:27:25", false)]
    [InlineData("2024-02-29 00:00:00", true)]
    [InlineData("2026-12-31 23:59:59.999999", true)]
    [InlineData("2026-02-30 12:00:00", false)]
    [InlineData("2026-02-29 12:00:00", false)]
    [InlineData("2026-04-31 12:00:00", false)]
    [InlineData("2026-13-01 12:00:00", false)]
    [InlineData("2026-00-10 12:00:00", false)]
    [InlineData("2026-01-00 12:00:00", false)]
    [InlineData("0000-01-01 12:00:00", false)]
    [InlineData("2026-11-22 25:61:00", false)]
    [InlineData("2026-11-22 24:00:00", false)]
    [InlineData("2026-11-22 12:60:00", false)]
    [InlineData("2026-11-22 12:00:60.5", false)]
    [InlineData("noon", false)]
    [InlineData("", false)]
    public void A_time_is_accepted_if_python_writes_it_so_and_it_exists(string text, bool isTime) =>
        Assert.Equal(isTime, ClientTime.Is(Encoding.UTF8.GetBytes(text)));
}
