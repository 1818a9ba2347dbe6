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
    [InlineData("noon", false)]
    [InlineData("", false)]
    public void A_time_is_what_python_writes(string text, bool isTime) => Assert.Equal(isTime, ClientTime.Is(Encoding.UTF8.GetBytes(text)));
}
