using Collector.Local.Demo;
using Collector.Local.DynamoDb;
using Collector.Local.Gateway;
using Collector.Local.Lambda;
using Collector.Local.Schedules;
using Collector.Local.Streams;
using Collector.Local.Template;

namespace Collector.Local.Hosting;

/// <summary>Runs the template on one machine: starts its parts in order, and stops them in reverse order.</summary>
internal sealed class LocalHost(LocalOptions options, HostLog log, TimeProvider time)
{
    private static readonly TimeSpan DynamoDbPatience = TimeSpan.FromSeconds(60);

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="HostException">A required program or file is missing, or a port is in use.</exception>
    /// <exception cref="TemplateException">The template cannot be read.</exception>
    public async Task Run(CancellationToken stop)
    {
        var executable = Path.GetFullPath(Path.Combine(options.Functions, "bootstrap"));
        if (!File.Exists(executable))
            throw new HostException($"{executable} does not exist. Build the functions first, or name their folder with --functions.");
        using var data = new DataFolder(options.Data);
        var template = TemplateFile.Read(options);

        using var java = options.DynamoDbUrl is null
            ? new DynamoDbProcess(options.DynamoDbHome, options.DynamoDbPort, data.PathOf("dynamodb"), log)
            : null;
        using var client = new DynamoDbClient(options.DynamoDbUrl ?? new Uri($"http://127.0.0.1:{options.DynamoDbPort}"));

        await using var web = Web.Build(kestrel => kestrel.ListenLocalhost(options.Port));
        LambdaService? lambda = null;
        var gateway = new RestApi(template, id => lambda!.Pool(id), log, time);
        var names = new HostNames(options.HostNames);
        web.Run(async context =>
        {
            if (!await names.Refuses(context)) await gateway.Handle(context);
        });
        if (Ports.IsTaken(options.Port))
            throw new HostException($"Port {options.Port} is in use. Choose another port for the API with --port.");

        java?.Start();
        await using var service = lambda = await LambdaService.Start(
            template.Functions, executable, client.Endpoint.ToString(),
            new FunctionPoolLimits(options.Concurrency, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)), log, time);
        var warm = Task.WhenAll(lambda.Pools.Select(pool => pool.Warm()));
        await CreateTables(client, template, stop);
        if (java is not null)
            java.Restarted += () => _ = CreateTablesAgain(client, template, stop);
        if ((await warm.WaitAsync(stop)).Contains(false))
            throw new HostException("A function did not start; see its lines above. --verbose shows more of them.");

        var events = Task.WhenAll(Mappings(client, template, lambda, data, stop), Schedules(template, lambda, stop));
        await Listen(web, stop);
        await AskHealth(template, stop);
        Announce(template);
        if (options.Demo) await Demonstrate(template, client.Endpoint, stop);
        await stop.WhenCancelled();

        log.Line("stopping");
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        await web.StopAsync(soon.Token);
        lambda.Stop();
        await Task.WhenAny(events, Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None));
    }

    private async Task Demonstrate(SamTemplate template, Uri dynamoDb, CancellationToken stop)
    {
        try
        {
            var counters = template.Tables.Single(table => table.LogicalId == "CountersTable").Name;
            await new DemoHistory(dynamoDb, counters, time).Write(stop);
            await new DemoTraffic(new Uri($"http://localhost:{options.Port}/{template.Api.Stage}/"), log, time).Send(stop);
        }
        catch (OperationCanceledException)
        {
            // The host was stopped while the demo was sending.
        }
    }

    private Task Mappings(DynamoDbClient client, SamTemplate template, LambdaService lambda, DataFolder data, CancellationToken stop)
    {
        var checkpoints = new Checkpoints(data.PathOf("checkpoints.json"));
        var failures = new FailureLog(data.PathOf("failures.jsonl"), log, time);
        return Task.WhenAll(template.Mappings.Select(mapping => new EventSourceMapping(
            mapping, lambda.Pool(mapping.FunctionId).Function, new TableStream(client, mapping.TableName),
            lambda.Pool(mapping.FunctionId), checkpoints, failures, log, time).Run(stop)));
    }

    private Task Schedules(SamTemplate template, LambdaService lambda, CancellationToken stop) =>
        Task.WhenAll(template.Schedules.Select(schedule => new Schedule(schedule, lambda.Pool(schedule.FunctionId), log, time).Run(stop)));

    private async Task CreateTables(DynamoDbClient client, SamTemplate template, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await new Tables(client).Create(template.Tables, stop);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                if (time.GetElapsedTime(began) > DynamoDbPatience)
                    throw new HostException(
                        $"DynamoDB at {client.Endpoint} does not answer. Is it running, and is --dynamodb-url correct? "
                        + "Without --dynamodb-url, the host starts one.");
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, stop);
            }
        }
    }

    private async Task CreateTablesAgain(DynamoDbClient client, SamTemplate template, CancellationToken stop)
    {
        try
        {
            await CreateTables(client, template, stop);
        }
        catch (Exception e) when (e is HostException or DynamoDbException or OperationCanceledException)
        {
            log.Line(e.Message);
        }
    }

    private async Task Listen(WebApplication web, CancellationToken stop)
    {
        try
        {
            await web.StartAsync(stop);
        }
        catch (IOException)
        {
            throw new HostException($"Port {options.Port} is in use. Choose another port for the API with --port.");
        }
    }

    /// <summary>The host is ready only when a request reaches the store: through the gateway, a function and its table.</summary>
    private async Task AskHealth(SamTemplate template, CancellationToken stop)
    {
        if (!template.Routes.Any(route => route is { Method: "GET", Path: "/health" })) return;
        using var api = new HttpClient { BaseAddress = new Uri($"http://localhost:{options.Port}/{template.Api.Stage}/") };
        using var answer = await api.GetAsync(new Uri("health", UriKind.Relative), stop);
        if (!answer.IsSuccessStatusCode)
            throw new HostException(
                $"The store does not answer the functions (GET /health: {(int)answer.StatusCode}). "
                + "Look at the lines above, or start with --in-memory.");
    }

    private void Announce(SamTemplate template)
    {
        var url = $"http://localhost:{options.Port}/{template.Api.Stage}";
        log.Line($"ready: {url}");
        log.Line($"ANALYTICS_API={url}");
        log.Line($"page: {url}/");
        const string example = """{"events":[{"name":"cli_cmd","payload":{"cmd":"localstack start"}}]}""";
        log.Line($"try: curl -s -H 'Content-Type: application/json' -d '{example}' {url}/events");
        if (options.Open && !WebBrowser.Open(url + "/"))
            log.Line($"No browser could be opened (xdg-open is missing). Open {url}/ yourself.");
    }
}
