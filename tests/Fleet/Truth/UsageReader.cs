using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Collector.Tests.Fleet.Clients;

namespace Collector.Tests.Fleet.Truth;

/// <summary>Reads all rows of the usage API and the ledger for the days since its creation, and the credits of this month.</summary>
internal sealed class UsageReader(HttpClient http, string operatorKey, TimeProvider time)
{
    private const int Attempts = 20;
    private readonly string from = Day(time.GetUtcNow());

    /// <summary>Every row with its number, over all days. Throws <see cref="HttpRequestException"/>.</summary>
    public async Task<Dictionary<string, long>> Read()
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        // Service by service, because the rows of a long run do not fit into one answer.
        var services = await Get("requests", "&by=service");
        foreach (var row in Rows(services)) Add(rows, Row.CallingSessions(Text(row, "service")), Number(row, "sessions"));
        foreach (var service in Rows(services).Select(row => Text(row, "service")))
        {
            var requests = await Get("requests", "&service=" + service);
            foreach (var row in Rows(requests)) Add(
                rows, Row.Calls(service, Text(row, "operation"), (int)Number(row, "status_code")), Number(row, "calls"));
            if (Number(requests["total"]!.AsObject(), "calls") != Rows(requests).Sum(row => Number(row, "calls")))
                throw new InvalidDataException($"the total of {service}'s calls is not the sum of its rows");
        }

        foreach (var row in Rows(await Get("cli")))
            Add(rows, Row.Invocations(Text(row, "command"), row["parameters"]!.AsArray().Select(p => (string)p!)),
                Number(row, "invocations"));
        foreach (var row in Rows(await Get("features"))) AddFeature(rows, row);
        AddSessions(rows, (await Get("sessions"))["total"]!.AsObject());
        AddLedger(rows, (await Get("ledger"))["total"]!.AsObject());
        foreach (var token in LicenceClient.Tokens)
        {
            var credits = await GetFrom("license/credits", token);
            foreach (var part in (ReadOnlySpan<string>)["ci", "other"]) Add(rows, Row.Credits(token, part), Number(credits, part));
        }

        return rows;
    }

    private static void AddFeature(Dictionary<string, long> rows, JsonObject row)
    {
        var feature = Text(row, "feature");
        var labels = string.Join(',', row["labels"]!.AsObject().Select(label => $"{label.Key}={label.Value}"));
        Add(rows, Row.Uses(feature, labels), Number(row, "uses"));
        foreach (var (sum, amount) in row["sums"]!.AsObject()) Add(rows, Row.Sum(feature, labels, sum), (long)amount!);
        foreach (var (sum, histogram) in row["histograms"]!.AsObject())
        {
            foreach (var (power, uses) in histogram!.AsObject())
                Add(rows, Row.Histogram(feature, labels, sum, long.Parse(power, CultureInfo.InvariantCulture)), (long)uses!);
        }
    }

    // Distinct machines are not compared: a fleet's session may or may not be the first of its machine on that day.
    private static void AddSessions(Dictionary<string, long> rows, JsonObject total)
    {
        foreach (var part in (ReadOnlySpan<string>)["sessions", "ci", "docker", "pro"]) Add(
            rows, Row.Sessions(part), (long?)total[part] ?? 0);
        foreach (var (version, sessions) in total["versions"]?.AsObject() ?? []) Add(
            rows, Row.Sessions("version", version), (long)sessions!);
    }

    private static void AddLedger(Dictionary<string, long> rows, JsonObject total)
    {
        Add(rows, Row.Received, Number(total, "received"));
        Add(rows, Row.Stored, Number(total, "stored"));
        foreach (var (reason, events) in total["dropped"]!.AsObject()) Add(rows, Row.Dropped(reason), (long)events!);
        foreach (var (field, times) in total["stripped"]!.AsObject()) Add(rows, Row.Stripped(field), (long)times!);
        if (total["unreadable"] is { } unreadable) Add(rows, Row.Unreadable, (long)unreadable);
    }

    private async Task<JsonObject> Get(string report, string query = "")
    {
        var answer = await GetFrom($"usage/{report}?from={from}&to={Day(time.GetUtcNow())}&limit=10000{query}", operatorKey);
        return Rows(answer).Count() < 10_000 ? answer : throw new InvalidDataException(
            $"{report}{query} has more rows than fit into one answer");
    }

    // A reading request may have to be repeated, because a killed function is being started.
    private async Task<JsonObject> GetFrom(string path, string? token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Try(path, token);
            }
            catch (HttpRequestException e) when (
                attempt < Attempts && e.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.NotFound))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }
    }

    private async Task<JsonObject> Try(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    private static IEnumerable<JsonObject> Rows(JsonObject answer) => answer["rows"]!.AsArray().Select(row => row!.AsObject());

    private static string Text(JsonObject row, string name) => (string)row[name]!;

    private static long Number(JsonObject row, string name) => (long)row[name]!;

    private static void Add(Dictionary<string, long> rows, string row, long amount) => rows[row] = rows.GetValueOrDefault(row) + amount;

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
