using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Collector.Api;
using Collector.Counting;
using Collector.Ingest;
using Collector.Metrics;
using Collector.Observability;
using Collector.Ownership;
using Collector.Policy;
using Collector.Rollup;
using Collector.Site;
using Collector.Stacks;
using Collector.Storage;
using Collector.Usage;

namespace Collector;

/// <summary>Puts the function together that <c>_HANDLER</c> names, and nothing but what that one needs: a cold start pays for each line here.</summary>
/// <param name="settings">The environment.</param>
/// <param name="time">The clock.</param>
/// <param name="store">For tests: another DynamoDB than the environment's.</param>
internal sealed class App(Settings settings, TimeProvider time, Amazon.DynamoDBv2.IAmazonDynamoDB? store = null)
{
    private Fingerprints? fingerprints;
    private CollectionPolicy? policy;
    private Amazon.DynamoDBv2.IAmazonDynamoDB? dynamoDb = store;

    private Fingerprints Fingerprints => fingerprints ??= new Fingerprints(settings.FingerprintSecret);

    private CollectionPolicy Policy => policy ??= CollectionPolicy.Load(settings.Switches, Fingerprints);

    private Amazon.DynamoDBv2.IAmazonDynamoDB DynamoDb => dynamoDb ??= Store.CreateClient(StoreTimeout);

    private SessionsTable Sessions => new(DynamoDb, settings.SessionsTable);

    private EventsTable Events => new(DynamoDb, settings.EventsTable);

    private CountersTable Counters => new(DynamoDb, settings.CountersTable);

    private ActivationsTable Activations => new(DynamoDb, settings.ActivationsTable);

    private SessionMarks Marks => new(DynamoDb, settings.SessionsTable, Policy);

    private DeletionRequests Erasures => new(DynamoDb, settings.SessionsTable, Policy);

    private DeletingSessions Erasing => new(DynamoDb, settings.SessionsTable, Policy);

    private DeletionWorker DeletionWorker => new(Erasures, Erasing, Events, Counters, Marks, settings.ErasureSettle, time);

    private AuthToken AuthToken => new(Fingerprints);

    private OperatorKey OperatorKey => new(settings.OperatorKey);

    // A client waits half a second (protocol.md): what takes longer is lost to it, and a retry of the SDK still fits in.
    private static TimeSpan StoreTimeout => TimeSpan.FromSeconds(2);

    /// <summary>
    /// Serves invocations of the handler that <c>_HANDLER</c> names until it is cancelled. Throws <see cref="InvalidDataException"/> for a setting that is
    /// missing or bad. <paramref name="runtimeApi"/> is the client for Lambda's Runtime API; null makes one.
    /// </summary>
    public static async Task RunAsync(Settings settings, HttpClient? runtimeApi = null, CancellationToken cancel = default)
    {
        var builder = new App(settings, TimeProvider.System).Build();
        if (runtimeApi is not null) builder.UseHttpClient(runtimeApi);
        using var bootstrap = builder.Build();
        await bootstrap.RunAsync(cancel);
    }

    /// <summary>The bootstrap of the handler. Throws <see cref="InvalidDataException"/> for a name or a variable that does not fit.</summary>
    public LambdaBootstrapBuilder Build() => LambdaBootstrapBuilder.Create(Handler());

    /// <summary>The handler: an event's bytes in, the answer's out. Throws as <see cref="Build"/> does.</summary>
    public Func<Stream, ILambdaContext, Task<Stream>> Handler() => settings.Handler switch
    {
        "Session" => Api(new SessionFunction(Policy, Fingerprints, Sessions, Events, time).Handle, Policy),
        "Events" => Api(Ingest(null), Policy),
        "Requests" => Api(Ingest("requests"), Policy),
        "Cli" => Api(Ingest("cli"), Policy),
        "Features" => Api(Ingest("features"), Policy),
        "Aggregator" => Log.Observe<DynamoDBTimeWindowEvent, StreamAnswer>(
            new AggregatorFunction(Counters, Marks, Policy, Fingerprints, time).Handle, new SourceGeneratorLambdaJsonSerializer<StreamJson>()),
        "Usage" => Api(new UsageFunction(OperatorKey, Counters, time, Policy.Retention("call")).Handle),
        "Activations" => Api(new ActivationsFunction(OperatorKey, AuthToken, Policy, Activations, Counters, time).Handle, Policy),
        "Tracking" => Api(new TrackingFunction(AuthToken, Marks, time).Handle),
        "Erasure" => Api(new DeletionFunction(AuthToken, Fingerprints, Erasures, Erasing, DeletionWorker, time).Handle),
        "Eraser" => Log.Observe(new DeletionWorkerFunction(Erasures, DeletionWorker, time).Handle),
        "Rollup" => Log.Observe(new RollupFunction(new RollupJob(Counters, time, Policy.Retention("call"), Policy.HashBytes), time).Handle),
        "Policy" => Api(new PolicyFunction(Policy).Handle),
        "Stacks" => Api(new StacksFunction(AuthToken, new Cursors(Fingerprints), Sessions, Events, Counters).Handle),
        "Dashboard" => Api(new DashboardFunction(DashboardFiles.Read(Path.Combine(AppContext.BaseDirectory, "web")), settings.CompressPage).Handle),
        var unknown => throw new InvalidDataException($"_HANDLER is {unknown}, which is no function of this executable"),
    };

    private Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> Ingest(string? endpoint) =>
        new EventsFunction(endpoint, Policy, Fingerprints, Sessions, Events, time, settings.RequestLimits).Handle;

    private InvocationLog Log => new(Console.OpenStandardOutput(), settings.Handler, settings.MetricsNamespace, time);

    private Func<Stream, ILambdaContext, Task<Stream>> Api(
        Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> handle, CollectionPolicy? under = null) => Log.Observe(
        under is null ? ApiFunction.Guard(handle) : ApiFunction.Guard(handle, under),
        new SourceGeneratorLambdaJsonSerializer<ApiJson>(),
        ApiFunction.Unreadable);
}

[JsonSerializable(typeof(APIGatewayProxyRequest))]
[JsonSerializable(typeof(APIGatewayProxyResponse))]
internal sealed partial class ApiJson : JsonSerializerContext;

[JsonSerializable(typeof(DynamoDBTimeWindowEvent))]
[JsonSerializable(typeof(StreamAnswer))]
internal sealed partial class StreamJson : JsonSerializerContext;
