using System.Text.Json.Serialization;
using Amazon.DynamoDBv2;
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

/// <summary>
/// Builds the function that <c>_HANDLER</c> names. It creates only the parts that this function needs, because each line here runs at a
/// cold start.
/// </summary>
/// <param name="settings">The environment.</param>
/// <param name="time">The clock.</param>
internal sealed class App(Settings settings, TimeProvider time)
{
    private Fingerprints? fingerprints;

    /// <summary>The DynamoDB client. It is created from the environment; tests supply their own.</summary>
    public IAmazonDynamoDB DynamoDb { private get => field ??= Store.CreateClient(StoreTimeout); init; }

    /// <summary>The collection policy: the embedded one with the switches of the settings applied; tests supply their own.</summary>
    public CollectionPolicy Policy { private get => field ??= CollectionPolicy.Load(settings.Switches, Fingerprints); init; }

    /// <summary>The stream for the invocations' log lines: standard output; tests supply their own.</summary>
    public Stream Output { private get => field ??= Console.OpenStandardOutput(); init; }

    // For functions that read the policy but clean no events. They do not get the fingerprint secret.
    private CollectionPolicy PolicyText => field ??= CollectionPolicy.Load(settings.Switches, Fingerprints.None);

    private Fingerprints Fingerprints => fingerprints ??= new Fingerprints(settings.FingerprintSecret);

    private SessionsTable Sessions => new(DynamoDb, settings.SessionsTable);

    private CallsTable Calls => new(DynamoDb, settings.CallsTable);

    private AnonymousTable Anonymous => new(DynamoDb, settings.AnonymousTable);

    private EventLog EventLog => new(Calls, Anonymous);

    private CountersTable Counters => new(DynamoDb, settings.CountersTable);

    private ActivationsTable Activations => new(DynamoDb, settings.ActivationsTable);

    private SessionExclusions Exclusions => new(DynamoDb, settings.SessionsTable, Policy);

    private DeletionRequests Erasures => new(DynamoDb, settings.SessionsTable, Policy);

    private DeletingSessions Erasing => new(DynamoDb, settings.SessionsTable, Policy);

    private DeletionWorker DeletionWorker => new(Erasures, Erasing, Calls, Counters, Exclusions, settings.ErasureSettle, time);

    private AuthToken AuthToken => new(Fingerprints);

    private OperatorKey OperatorKey => new(settings.OperatorKey);

    // A client stops waiting after half a second (protocol.md). Each of at most three attempts may take two seconds, so a call ends before
    // the ten seconds of the function.
    private static TimeSpan StoreTimeout => TimeSpan.FromSeconds(2);

    /// <summary>
    /// Serves invocations of the handler that <c>_HANDLER</c> names until it is cancelled. Throws <see cref="InvalidDataException"/> for a
    /// missing or invalid setting. <paramref name="runtimeApi"/> is the client for Lambda's Runtime API; if it is null, one is created.
    /// </summary>
    public static async Task RunAsync(Settings settings, HttpClient? runtimeApi = null, CancellationToken cancel = default)
    {
        var builder = LambdaBootstrapBuilder.Create(new App(settings, TimeProvider.System).Handler());
        if (runtimeApi is not null) builder.UseHttpClient(runtimeApi);
        using var bootstrap = builder.Build();
        await bootstrap.RunAsync(cancel);
    }

    /// <summary>
    /// The handler, which reads the bytes of an event and returns the bytes of the answer. Throws <see cref="InvalidDataException"/> for an
    /// unknown handler name and for a missing or invalid setting.
    /// </summary>
    public Func<Stream, ILambdaContext, Task<Stream>> Handler() => settings.Handler switch
    {
        "Session" => Api(new SessionFunction(Policy, Fingerprints, Sessions, Anonymous, time).Handle, Policy),
        "Events" => Api(Ingest(null), Policy),
        "Requests" => Api(Ingest("requests"), Policy),
        "Cli" => Api(Ingest("cli"), Policy),
        "Features" => Api(Ingest("features"), Policy),
        "Aggregator" => Log.Observe<DynamoDBTimeWindowEvent, StreamAnswer>(
            new AggregatorFunction(Counters, Exclusions, Policy, Fingerprints, new CheckpointSeal(Fingerprints), time).Handle,
            new SourceGeneratorLambdaJsonSerializer<StreamJson>()),
        "Usage" => Api(new UsageFunction(
            OperatorKey, Counters, time, PolicyText.Retention("call"), settings.PublicMinimum).Handle),
        "Activations" => Api(new ActivationsFunction(OperatorKey, AuthToken, Policy, Activations, Counters, time).Handle, Policy),
        "Tracking" => Api(new TrackingFunction(AuthToken, Exclusions, time).Handle),
        "Erasure" => Api(new DeletionFunction(AuthToken, Fingerprints, Erasures, Erasing, DeletionWorker, time).Handle),
        "Eraser" => Log.Observe(new DeletionWorkerFunction(Erasures, DeletionWorker, time).Handle),
        "Rollup" => Log.Observe(
            new RollupFunction(new RollupJob(Counters, time, PolicyText.Retention("call"), PolicyText.HashBytes), time).Handle),
        "Policy" => Api(new PolicyFunction(PolicyText).Handle),
        "Preview" => Api(new PreviewFunction(
            CollectionPolicy.Load(settings.Switches, Collector.Policy.Fingerprints.Throwaway())).Handle),
        "Health" => Api(new HealthFunction(Sessions).Handle),
        "Stacks" => Api(new StacksFunction(AuthToken, new Cursors(Fingerprints), Sessions, Calls, Counters, time).Handle),
        "Export" => Api(new StackExport(
            AuthToken, new Cursors(Fingerprints), Exclusions, Sessions, Calls, Counters, Activations, time).Handle),
        "Dashboard" => Api(new DashboardFunction(
            DashboardFiles.Read(Path.Combine(AppContext.BaseDirectory, "web")), settings.CompressPage).Handle),
        var unknown => throw new InvalidDataException($"_HANDLER is {unknown}, which is not a function in this executable"),
    };

    private Func<APIGatewayProxyRequest, ILambdaContext, Task<APIGatewayProxyResponse>> Ingest(string? endpoint) =>
        new EventsFunction(
            endpoint,
            Policy,
            Fingerprints,
            new KnownSessions(Sessions, Policy, KnownSessions.KeepFor(settings.ErasureSettle)),
            EventLog,
            time,
            settings.RequestLimits).Handle;

    private InvocationLog Log => new(Output, settings.Handler, settings.MetricsNamespace, time);

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
