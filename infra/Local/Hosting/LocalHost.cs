using Collector.Local.Demo;
using Collector.Local.DynamoDb;
using Collector.Local.Gateway;
using Collector.Local.Lambda;
using Collector.Local.Schedules;
using Collector.Local.Streams;
using Collector.Local.Template;

namespace Collector.Local.Hosting;

/// <summary>The template on one machine: starts its parts in order, and ends them in the opposite one.</summary>
internal sealed class LocalHost(LocalOptions options, HostLog log, TimeProvider time)
{
    private static readonly TimeSpan DynamoDbPatience = TimeSpan.FromSeconds(60);

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="HostException">Something that it needs is missing or taken.</exception>
    /// <exception cref="TemplateException">The template cannot be read.</exception>
    public async Task Run(CancellationToken stop)
    {
        var executable = Path.GetFullPath(Path.Combine(options.Functions, "bootstrap"));
        if (!File.Exists(executable))
            throw new HostException($"There is no {executable}. Build the functions first, or name their folder with --functions.");
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
            throw new HostException($"Port {options.Port} is taken. Give the API another one with --port.");

        java?.Start();
        await using var service = lambda = await LambdaService.Start(
            template.Functions, executable, client.Endpoint.ToString(),
            new FunctionPoolLimits(options.Concurrency, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)), log, time);
        var warm = Task.WhenAll(lambda.Pools.Select(pool => pool.Warm()));
        await CreateTables(client, template, stop);
        if (java is not null)
            java.Restarted += () => _ = CreateTablesAgain(client, template, stop);
        if ((await warm.WaitAsync(stop)).Contains(false))
            throw new HostException("A function did not start; its lines above say why.");

        var events = Task.WhenAll(Mappings(client, template, lambda, data, stop), Schedules(template, lambda, stop));
        await Listen(web, stop);
        Announce(template);
        if (options.Demo) await Demonstrate(template, stop);
        await stop.WhenCancelled();

        log.Line("stopping");
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        await web.StopAsync(soon.Token);
        lambda.Stop();
        await Task.WhenAny(events, Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None));
    }

    private async Task Demonstrate(SamTemplate template, CancellationToken stop)
    {
        try
        {
            await new DemoTraffic(new Uri($"http://localhost:{options.Port}/{template.Api.Stage}/"), log, time).Send(stop);
        }
        catch (OperationCanceledException)
        {
            // Stopped while it was sending.
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
                    throw new HostException($"DynamoDB at {client.Endpoint} does not answer.");
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
            throw new HostException($"Port {options.Port} is taken. Give the API another one with --port.");
        }
    }

    private void Announce(SamTemplate template)
    {
        var url = $"http://localhost:{options.Port}/{template.Api.Stage}";
        log.Line($"ready: {url}");
        log.Line($"ANALYTICS_API={url}");
        log.Line("""try: curl -s -H 'Content-Type: application/json' -d '{"events":[{"name":"cli_cmd","payload":{"cmd":"localstack start"}}]}' """ + url + "/events");
    }
}
