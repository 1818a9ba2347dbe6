using Collector.Policy;

namespace Collector.Tests.Fleet.Clients;

/// <summary>
/// The mix of AWS calls: a few services account for most of them, and a long tail of all services and operations of the
/// catalog for the rest.
/// </summary>
internal sealed class ServiceMix
{
    private static readonly string[] Popular =
    [
        "s3", "sqs", "dynamodb", "lambda", "sns", "iam", "sts", "cloudformation", "logs", "ssm", "secretsmanager", "events", "apigateway",
        "kms", "ec2",
        "stepfunctions", "kinesis", "cloudwatch", "ecr", "rds", "ses", "route53", "opensearch", "firehose", "cognito-idp", "scheduler",
        "acm", "ecs",
    ];

    // The operations that make up most calls of a service, for some services.
    private static readonly Dictionary<string, string[]> Common = new()
    {
        ["s3"] = ["PutObject", "GetObject", "ListObjectsV2", "CreateBucket", "HeadObject", "HeadBucket", "DeleteObject"],
        ["sqs"] = ["ReceiveMessage", "SendMessage", "DeleteMessage", "GetQueueAttributes", "CreateQueue", "GetQueueUrl"],
        ["dynamodb"] = ["GetItem", "PutItem", "Query", "UpdateItem", "DescribeTable", "CreateTable", "BatchWriteItem"],
        ["lambda"] = ["Invoke", "GetFunction", "CreateFunction", "ListFunctions", "UpdateFunctionCode"],
        ["sns"] = ["Publish", "Subscribe", "CreateTopic", "ListTopics"],
        ["cloudformation"] = ["DescribeStacks", "DescribeStackEvents", "CreateChangeSet", "ExecuteChangeSet", "DescribeChangeSet"],
        ["sts"] = ["GetCallerIdentity", "AssumeRole"],
        ["logs"] = ["PutLogEvents", "CreateLogStream", "DescribeLogGroups"],
    };

    private readonly Dictionary<string, string[]> operations;
    private readonly string[] services;

    public ServiceMix()
    {
        using var catalog = new StreamReader(typeof(CollectionPolicy).Assembly.GetManifestResourceStream("aws-operations.tsv")!);
        operations = catalog.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .GroupBy(parts => parts[0]).ToDictionary(g => g.Key, g => g.Select(parts => parts[1]).ToArray());
        services = [.. operations.Keys];
    }

    /// <summary>The services that one stack uses.</summary>
    public string[] Stack(Random random) =>
        [.. Enumerable.Range(0, random.Next(2, 8)).Select(
            _ => random.Next(100) < 95 ? Popular[Tail(random, Popular.Length)] : services[random.Next(services.Length)])
            .Where(operations.ContainsKey).DefaultIfEmpty("s3").Distinct()];

    public string Operation(Random random, string service) => Common.TryGetValue(service, out var common) && random.Next(100) < 90
        ? common[Tail(random, common.Length)] : operations[service][Tail(random, operations[service].Length)];

    public static int Status(Random random) => random.Next(1000) switch
    {
        < 930 => 200,
        < 950 => 400,
        < 975 => 404,
        < 985 => 403,
        < 990 => 409,
        < 995 => 500,
        < 998 => 501,
        _ => 204,
    };

    // The first are far more likely than the last: the probability of a rank is about proportional to its inverse.
    private static int Tail(Random random, int count) => (int)(Math.Pow(count + 1, random.NextDouble()) - 1);
}
