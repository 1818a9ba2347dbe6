using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.Fleet.Clients;

/// <summary>
/// One LocalStack instance (protocol.md): a session at the start, then calls every 10 seconds or when 20 are waiting (Pro), counts every 60
/// seconds (everyone), init scripts and an occasional event that is not collected. It flushes the remaining events at the end, and never
/// repeats a batch.
/// </summary>
internal sealed class RuntimeClient(ClientContext fleet, int number)
{
    private const int BatchSize = 20;
    private static readonly TimeSpan Flush = TimeSpan.FromSeconds(10);
    private static readonly string[] Versions = ["2026.3.1", "2026.3.0", "2026.2.0", "4.14.0", "4.12.0", "3.8.1", "2.3.2", "1.4.0"];
    private static readonly string[] Regions = ["us-east-1", "us-east-1", "us-east-1", "eu-central-1", "eu-west-1", "us-west-2",
    "ap-southeast-2"];
    private static readonly string[] Agents =
    [
        "aws-cli/2.22.12 md/awscrt#0.22.0 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.6",
        "Boto3/1.35.40 md/Botocore#1.35.40 ua/2.0 os/linux#6.5.0 md/arch#aarch64 lang/python#3.11.9 Botocore/1.35.40",
        "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.76.0",
        "aws-sdk-js/3.682.0 ua/2.1 os/linux#5.15.0 lang/js md/nodejs#20.18.0 api/s3#3.682.0",
        "aws-sdk-java/2.29.6 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.0 lang/java#21.0.5",
    ];

    private readonly Random random = fleet.Random("runtime " + number);
    private readonly string session = fleet.Id("session " + number);
    private readonly Dictionary<string, string> headers = [];

    // The services of acknowledged calls.
    private readonly HashSet<string> called = new(StringComparer.Ordinal);
    private string[] stack = [];
    private TimeSpan now;
    private int sequence;

    public async Task Run(CancellationToken stop)
    {
        // DISABLE_EVENTS=1, for some clients or for all: nothing is sent.
        var disabled = random.Next(100) < 5 || fleet.Options.EventsDisabled;
        var pro = random.Next(100) < 40;
        if (fleet.Options.Traffic != Traffic.All) (disabled, pro) = (fleet.Options.EventsDisabled, fleet.Options.Traffic == Traffic.Pro);
        var length = TimeSpan.FromSeconds(30 + (-Math.Log(1 - random.NextDouble()) * 240));
        now = fleet.Length * random.NextDouble() * 0.8;
        var end = now + length < fleet.Length ? now + length : fleet.Length;
        stack = fleet.Mix.Stack(random);
        if (disabled) return;
        var version = Versions[random.Next(Versions.Length)];
        headers.Add("User-Agent", "localstack/" + version);
        headers.Add("Localstack-Session-ID", session);
        await fleet.Clock.Until(now, stop);
        if (await fleet.Send(BatchBuilder.Session(fleet.Policy, headers, StartMetadata(), Start(version, pro))) != true) return;

        if (fleet.Options.Traffic == Traffic.All) await SendStart();
        var busy = random.NextDouble();
        var nextCounts = now + TimeSpan.FromSeconds(60);
        for (now += Flush; now < end; now += Flush)
        {
            await fleet.Clock.Until(now, stop);
            if (pro && random.NextDouble() < busy) await SendCalls(
                fleet.Options.Traffic == Traffic.Pro ? BatchSize * random.Next(1, 4) : random.Next(1, 45));
            if (now < nextCounts || fleet.Options.Traffic == Traffic.Pro) continue;
            nextCounts += TimeSpan.FromSeconds(60);
            await SendCounts();
        }

        if (fleet.Options.Traffic != Traffic.All) return;
        if (pro) await SendCalls(random.Next(1, 10));
        await SendEnd();
    }

    private async Task SendStart()
    {
        var batch = New();
        batch.Dropped("config", Metadata(),
            new JsonObject { ["env_vars"] = new JsonObject { ["DEBUG"] = "1" }, ["set_vars"] = new JsonObject { ["DEBUG"] = 1 } },
            "not_collected");
        if (random.Next(100) < 30)
        {
            foreach (var stage in (ReadOnlySpan<string>)["BOOT", "START", "READY"])
                batch.RunInit(Metadata(), stage, random.Next(0, 5), Math.Round(Math.Pow(10, random.NextDouble() * 4), 3));
        }

        await fleet.Send(batch.Build());
    }

    private async Task SendCalls(int calls)
    {
        for (var batch = New(); calls > 0; batch = New())
        {
            var services = new HashSet<string>(StringComparer.Ordinal);
            for (; calls > 0 && batch.Count < BatchSize; calls--)
            {
                var call = Call();
                services.Add((string)call["service"]!);
                batch.AwsRequest(Metadata(), call);
            }

            foreach (var service in services.Except(called)) batch.FirstCall(service);
            // A future client sends an unknown event, or a call without its service.
            if (random.Next(100) == 0) batch.Dropped(
                "aws_request", Metadata(), new JsonObject { ["operation"] = "GetObject", ["status_code"] = 200 }, "invalid");
            if (random.Next(100) == 0) batch.Dropped("quantum_usage", Metadata(), new JsonObject { ["qubits"] = 7 }, "unknown_event");
            if (await fleet.Send(batch.Build()) == true) called.UnionWith(services);
        }
    }

    private async Task SendCounts()
    {
        var calls = new Dictionary<(string, string, int), int>();
        for (var i = random.Next(3, 40); i > 0; i--)
        {
            var service = stack[random.Next(stack.Length)];
            calls[(service, fleet.Mix.Operation(random, service), ServiceMix.Status(random))] = 1 + (int)Math.Pow(300, random.NextDouble());
        }

        var batch = New();
        batch.AwsRequestAgg(Metadata(), new JsonObject
        {
            ["period_start_time"] = Iso(now - TimeSpan.FromSeconds(60)),
            ["period_end_time"] = Iso(now),
            ["api_calls"] = new JsonArray([.. calls.Select(call => new JsonObject
            {
                ["service"] = call.Key.Item1, ["operation"] = call.Key.Item2, ["status_code"] = call.Key.Item3, ["count"] = call.Value,
            })]),
        });
        await fleet.Send(batch.Build());
    }

    private async Task SendEnd()
    {
        var batch = New();
        batch.RunInit(Metadata(), "SHUTDOWN", 1, 12.5);
        batch.Dropped("ls_metrics", Metadata(), new JsonObject { ["metrics"] = new JsonArray() }, "not_collected");
        await fleet.Send(batch.Build());
    }

    private JsonObject Call()
    {
        var service = stack[random.Next(stack.Length)];
        var status = ServiceMix.Status(random);
        var call = new JsonObject
        {
            ["service"] = service,
            ["operation"] = fleet.Mix.Operation(random, service),
            ["status_code"] = status,
            ["is_internal"] = random.Next(10) == 0,
            ["region"] = Regions[number % Regions.Length],
            ["account_id"] = "000000000000",
            ["user_agent"] = Agents[random.Next(10) == 0 ? random.Next(Agents.Length) : number % Agents.Length],
        };
        if (status >= 400)
        {
            call["err_type"] = status == 404 ? "ResourceNotFoundException" : "ValidationException";
            call["err_msg"] = "The specified queue does not exist for this wsdl version.";
        }

        return call;
    }

    private JsonObject Start(string version, bool pro) => new()
    {
        ["session_id"] = session,
        ["machine_id"] = "dkr_" + fleet.Id("machine " + (number / 2))[..8],
        ["api_key"] = pro ? "ls-" + fleet.Id("token " + (number / 5))[..18] : "",
        ["system"] = random.Next(3) == 0 ? "Docker Desktop,5.15.90.1-microsoft-standard-WSL2,x86_64" : "Linux",
        ["version"] = version,
        ["is_ci"] = random.Next(100) < 45,
        ["is_docker"] = true,
        ["is_testing"] = false,
        ["product"] = "aws",
        ["edition"] = pro ? "pro" : "community",
    };

    private JsonObject StartMetadata() => new()
    {
        ["session_id"] = session,
        ["client_time"] = new DateTimeOffset(fleet.Clock.At(now)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    // A client's clock gives each event another microsecond.
    private JsonObject Metadata() => BatchBuilder.Metadata(session, fleet.Clock.At(now).AddTicks(10L * ++sequence));

    private BatchBuilder New() => new(fleet.Policy, headers);

    private string Iso(TimeSpan at) => fleet.Clock.At(at).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
