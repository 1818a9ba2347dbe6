using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Local.Template;

/// <summary>The parts of a SAM template that run on one machine; resources of other types are ignored.</summary>
internal sealed class SamTemplate
{
    private readonly Intrinsics intrinsics;
    private readonly JsonObject root;
    private readonly List<FunctionDefinition> functions = [];
    private readonly List<RouteDefinition> routes = [];
    private readonly List<TableDefinition> tables = [];
    private readonly List<MappingDefinition> mappings = [];
    private readonly List<ScheduleDefinition> schedules = [];
    private readonly LocalResources resources;

    private SamTemplate(JsonObject root, string stackName, IReadOnlyDictionary<string, string> parameters, Func<string, JsonObject,
        string> secret)
    {
        this.root = root;
        resources = new LocalResources(root, stackName, secret);
        intrinsics = new Intrinsics(root, TemplateValues.Of(root, stackName, parameters), resources);
        resources.Resolve = intrinsics.Resolve;
    }

    public IReadOnlyList<FunctionDefinition> Functions => functions;

    public IReadOnlyList<RouteDefinition> Routes => routes;

    public IReadOnlyList<TableDefinition> Tables => tables;

    public IReadOnlyList<MappingDefinition> Mappings => mappings;

    public IReadOnlyList<ScheduleDefinition> Schedules => schedules;

    public ApiDefinition Api { get; private set; } = new("Prod", [], []);

    /// <param name="yaml">The template.</param>
    /// <param name="stackName">The value of <c>AWS::StackName</c>.</param>
    /// <param name="parameters">Values to use instead of the parameters' defaults. An unknown name is an error.</param>
    /// <param name="secret">Gives the value of a secret by its logical id and properties.</param>
    /// <exception cref="TemplateException">The template cannot be read; the message is one line.</exception>
    public static SamTemplate Read(
        string yaml, string stackName, IReadOnlyDictionary<string, string> parameters, Func<string, JsonObject, string> secret)
    {
        var template = new SamTemplate(TemplateYaml.Parse(yaml), stackName, parameters, secret);
        template.CheckRules();
        template.ReadResources();
        return template;
    }

    /// <summary>Whether the template has a parameter of that name.</summary>
    public static bool HasParameter(string yaml, string name) => TemplateYaml.Parse(yaml).Object("Parameters")?.ContainsKey(name) == true;

    // Rules about several parameters; CloudFormation checks them before it creates anything.
    private void CheckRules()
    {
        foreach (var (name, rule) in root.Object("Rules") ?? [])
        {
            foreach (var assertion in rule.List("Assertions"))
            {
                if (!intrinsics.Holds(assertion.Object("Assert")))
                    throw new TemplateException(assertion.Text("AssertDescription") ?? $"the rule {name} is violated");
            }
        }
    }

    private void ReadResources()
    {
        var all = root.Object("Resources") ?? throw new TemplateException("it has no Resources");
        foreach (var (id, resource) in all)
        {
            if (resource.Text("Condition") is { } condition && !intrinsics.Condition(condition))
                continue;
            try
            {
                Read(id, resource.Text("Type") ?? throw new TemplateException("it has no Type"), resource.Object("Properties") ?? []);
            }
            catch (TemplateException e)
            {
                throw new TemplateException($"{id}: {e.Message}");
            }
        }
    }

    private void Read(string id, string type, JsonObject properties)
    {
        switch (type)
        {
            case "AWS::Serverless::Function":
                ReadFunction(id, Merged("Function", properties));
                break;
            case "AWS::Serverless::Api":
                var api = (JsonObject)intrinsics.Resolve(
                    Only(Merged("Api", properties), "StageName", "BinaryMediaTypes", "GatewayResponses"))!;
                Api = new ApiDefinition(
                    api.Text("StageName") ?? throw new TemplateException("it has no StageName"),
                    // In SAM, the slash of a media type is written as ~1.
                    [.. api.List("BinaryMediaTypes").Select(value => Nodes.AsText(value)!.Replace("~1", "/", StringComparison.Ordinal))],
                    api.Object("GatewayResponses") ?? []);
                break;
            case "AWS::DynamoDB::Table":
                tables.Add(Table(id, (JsonObject)intrinsics.Resolve(properties)!));
                break;
        }
    }

    private void ReadFunction(string id, JsonObject properties)
    {
        var function = (JsonObject)intrinsics.Resolve(Only(properties, "Handler", "MemorySize", "Timeout", "Environment"))!;
        functions.Add(new FunctionDefinition(
            id,
            resources.Ref(id)!,
            function.Text("Handler") ?? throw new TemplateException("it has no Handler"),
            function.Number("MemorySize") ?? 128,
            TimeSpan.FromSeconds(function.Number("Timeout") ?? 3),
            (function.Object("Environment").Object("Variables") ?? []).ToDictionary(
                pair => pair.Key,
                pair => Nodes.AsText(pair.Value) ?? throw new TemplateException($"the variable {pair.Key} is not a string"))));

        foreach (var (name, source) in properties.Object("Events") ?? [])
        {
            var type = source.Text("Type");
            var settings = (JsonObject)intrinsics.Resolve(source.Object("Properties") ?? [])!;
            switch (type)
            {
                case "DynamoDB":
                    AddMapping(id + name, id, settings, settings.Text("Stream"));
                    break;
                case "Api":
                    var path = settings.Text("Path") ?? throw new TemplateException($"the event {name} has no Path");
                    var method = settings.Text("Method") ?? throw new TemplateException($"the event {name} has no Method");
                    routes.Add(new RouteDefinition(method.ToUpperInvariant(), path, id));
                    break;
                case "Schedule":
                    AddSchedule(id + name, id, name, settings);
                    break;
                default:
                    throw new TemplateException($"the event {name} has the type {type}, which is not supported here");
            }
        }
    }

    private void AddSchedule(string id, string functionId, string name, JsonObject settings)
    {
        var expression = settings.Text("Schedule") ?? throw new TemplateException($"the event {name} has no Schedule");
        schedules.Add(new ScheduleDefinition(id, functionId, Rate(expression)
            ?? throw new TemplateException(
                $"the schedule {expression} of the event {name} is not supported here. "
                + "Use a rate: rate(1 day), rate(6 hours), rate(5 minutes)")));
    }

    /// <summary>
    /// The time between two runs; null for other expressions and for a rate that EventBridge refuses. The unit must be singular after 1 and
    /// plural after other numbers.
    /// </summary>
    private static TimeSpan? Rate(string expression)
    {
        if (!expression.StartsWith("rate(", StringComparison.Ordinal) || !expression.EndsWith(')') || expression[5..^1]
            .Split(' ') is not [var text, var unit])
            return null;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1
            || number == 1 == unit.EndsWith('s'))
            return null;
        return unit.TrimEnd('s') switch
        {
            "minute" => TimeSpan.FromMinutes(number),
            "hour" => TimeSpan.FromHours(number),
            "day" => TimeSpan.FromDays(number),
            _ => null,
        };
    }

    private void AddMapping(string id, string functionId, JsonObject settings, string? stream)
    {
        // arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>
        if (stream?.Split('/') is not [var prefix, var table, "stream", ..] || !prefix.EndsWith(":table", StringComparison.Ordinal))
            throw new TemplateException($"{id}: its stream does not belong to a table of the template");
        mappings.Add(new MappingDefinition(id, functionId, table)
        {
            BatchSize = settings.Number("BatchSize") ?? 100,
            BatchingWindow = TimeSpan.FromSeconds(settings.Number("MaximumBatchingWindowInSeconds") ?? 0),
            TumblingWindow = TimeSpan.FromSeconds(settings.Number("TumblingWindowInSeconds") ?? 0),
            Bisect = settings.Flag("BisectBatchOnFunctionError"),
            ReportsItemFailures = settings.List("FunctionResponseTypes").Any(value => Nodes.AsText(value) == "ReportBatchItemFailures"),
            MaximumRetryAttempts = settings.Number("MaximumRetryAttempts") ?? -1,
            MaximumRecordAge = settings.Number("MaximumRecordAgeInSeconds") is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : null,
            FilterPatterns = [.. settings.Object("FilterCriteria").List("Filters").Select(filter => filter.Text("Pattern") ?? "{}")],
            HasFailureDestination = settings.Object("DestinationConfig").Object("OnFailure") is not null,
        });
    }

    private TableDefinition Table(string id, JsonObject properties)
    {
        // The properties with the same names in CreateTable; other calls set the others, or they are not needed here.
        var create = Only(properties, "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes");
        create["TableName"] = resources.Ref(id);
        create["BillingMode"] = "PAY_PER_REQUEST";
        if (properties.Object("StreamSpecification").Text("StreamViewType") is { } view)
            create["StreamSpecification"] = new JsonObject { ["StreamEnabled"] = true, ["StreamViewType"] = view };
        var timeToLive = properties.Object("TimeToLiveSpecification");
        return new TableDefinition(id, resources.Ref(id)!, create, timeToLive.Flag("Enabled") ? timeToLive.Text("AttributeName") : null);
    }

    /// <summary>
    /// SAM's Globals combined with a resource's own properties: mappings are merged, lists appended, other values replaced.
    /// </summary>
    private JsonObject Merged(string kind, JsonObject properties) =>
        root.Object("Globals").Object(kind) is { } globals ? (JsonObject)Merge(globals, properties)! : properties;

    private static JsonNode? Merge(JsonNode? under, JsonNode? over)
    {
        if (under is JsonArray first && over is JsonArray second)
            return new JsonArray([.. first.Concat(second).Select(item => item?.DeepClone())]);
        if (under is not JsonObject below || over is not JsonObject above || IsCall(below) || IsCall(above))
            return over?.DeepClone();
        var merged = (JsonObject)below.DeepClone();
        foreach (var (name, value) in above)
            merged[name] = below[name] is { } existing ? Merge(existing, value) : value?.DeepClone();
        return merged;
    }

    private static bool IsCall(JsonObject node) =>
        node.Count == 1 && node.First().Key is var name && (name == "Ref" || name.StartsWith("Fn::", StringComparison.Ordinal));

    private static JsonObject Only(JsonObject properties, params ReadOnlySpan<string> names)
    {
        var result = new JsonObject();
        foreach (var name in names)
        {
            if (properties[name] is { } value)
                result[name] = value.DeepClone();
        }

        return result;
    }
}
