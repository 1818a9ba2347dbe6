using System.Globalization;
using System.Text;
using Collector.Local.Hosting;

namespace Collector.Tests.Unit.Local;

public class HostLogTests
{
    private const string Metrics = """{"timestamp":"2026-11-22T07:32:46Z","level":"Information","function":"Events","received":20}""";
    private const string Warning = """{"timestamp":"2026-11-22T07:32:46Z","level":"Warning","message":"the store is away\nand more"}""";

    [Theory]
    [InlineData("""{"received":20,"stored":19,"duplicates":0,"dropped":[]}""", "POST /v1/events 200 18 ms 20 received, 19 stored")]
    [InlineData("""{"track_events":true}""", "POST /v1/events 200 18 ms")]
    [InlineData("""{"received":3,"events":[],"complete":true}""", "POST /v1/events 200 18 ms")]
    [InlineData("", "POST /v1/events 200 18 ms")]
    public void A_request_is_one_short_line_with_its_counts(string answer, string line) =>
        Assert.Equal(
            line,
            Written(log => log.Request("POST", "/v1/events", 200, TimeSpan.FromMilliseconds(18.4), Encoding.UTF8.GetBytes(answer))));

    [Theory]
    [InlineData(200, "\e[32m200\e[0m")]
    [InlineData(404, "\e[33m404\e[0m")]
    [InlineData(503, "\e[31m503\e[0m")]
    public void On_a_terminal_the_status_has_a_colour(int status, string shown) =>
        Assert.Equal(
            $"GET /v1/policy {shown} 2 ms",
            Written(log => log.Request("GET", "/v1/policy", status, TimeSpan.FromMilliseconds(2), default), colour: true));

    [Theory]
    [InlineData(Metrics, "")]
    [InlineData(Warning, "[Events] the store is away")]
    [InlineData("SESSIONS_TABLE is missing", "[Events] SESSIONS_TABLE is missing")]
    [InlineData("{no JSON", "[Events] {no JSON")]
    public void Only_warnings_and_errors_of_a_function_are_shown_and_never_as_JSON(string line, string shown) =>
        Assert.Equal(shown, Written(log => log.Function("Events", line)));

    [Theory]
    [InlineData(Metrics)]
    [InlineData(Warning)]
    public void Verbose_shows_a_functions_lines_unchanged(string line)
    {
        Assert.Equal("[Events] " + line, Written(log => log.Function("Events", line), verbose: true));
        Assert.Equal("detail", Written(log => log.Detail("detail"), verbose: true));
        Assert.Equal("", Written(log => log.Detail("detail")));
    }

    private static string Written(Action<HostLog> write, bool verbose = false, bool colour = false)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        write(new HostLog(output, verbose, colour));
        return output.ToString().TrimEnd();
    }
}
