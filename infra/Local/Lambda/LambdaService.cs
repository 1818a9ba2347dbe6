using System.Globalization;
using System.Runtime.InteropServices;
using Collector.Local.Hosting;
using Collector.Local.Template;

namespace Collector.Local.Lambda;

/// <summary>All functions of the template, each with a pool of processes that run the executable.</summary>
internal sealed class LambdaService : IAsyncDisposable
{
    private readonly RuntimeApi api;
    private readonly Dictionary<string, FunctionPool> pools;

    private LambdaService(RuntimeApi api, Dictionary<string, FunctionPool> pools)
    {
        this.api = api;
        this.pools = pools;
    }

    public IEnumerable<FunctionPool> Pools => pools.Values;

    /// <param name="executable">The functions' <c>bootstrap</c>.</param>
    /// <param name="dynamoDbUrl">DynamoDB's address for the SDK.</param>
    public static async Task<LambdaService> Start(
        IReadOnlyList<FunctionDefinition> functions, string executable, string dynamoDbUrl, FunctionPoolLimits limits, HostLog log,
            TimeProvider time)
    {
        var api = await RuntimeApi.Start();
        var pools = functions.ToDictionary(function => function.LogicalId, function => new FunctionPool(
            function,
            environment => ChildProcess.Start(
                executable,
                [],
                Path.GetDirectoryName(executable)!,
                Variables(function, environment, api.Address, dynamoDbUrl, executable),
                line => log.Function(function.LogicalId, line)),
            limits,
            log,
            time));
        api.Serve([.. pools.Values]);
        return new LambdaService(api, pools);
    }

    public FunctionPool Pool(string functionId) =>
        pools.TryGetValue(functionId, out var pool) ? pool : throw new TemplateException($"there is no function {functionId}");

    /// <summary>Ends every process.</summary>
    public void Stop()
    {
        foreach (var pool in pools.Values)
            pool.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await api.DisposeAsync();
    }

    /// <summary>The variables that Lambda sets, those of the template, and this machine's that a process needs.</summary>
    private static Dictionary<string, string> Variables(
        FunctionDefinition function, FunctionEnvironment environment, string runtimeApi, string dynamoDbUrl, string executable)
    {
        var variables = new Dictionary<string, string>();
        foreach (var name in (ReadOnlySpan<string>)["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"])
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
                variables[name] = value;
        }

        // A build that is not native needs a .NET runtime, and uses the host's.
        if (File.Exists(executable + ".dll"))
            variables["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        foreach (var (name, value) in function.Variables)
            variables[name] = value;
        variables["_HANDLER"] = function.Handler;
        variables["AWS_LAMBDA_RUNTIME_API"] = $"{runtimeApi}/{environment.Id}";
        variables["AWS_LAMBDA_FUNCTION_NAME"] = function.Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = function.MemoryMb.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{function.Name}";
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = $"local/[$LATEST]{environment.Id}";
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
        variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_provided.al2023";
        variables["LAMBDA_TASK_ROOT"] = Path.GetDirectoryName(executable)!;
        variables["AWS_REGION"] = variables["AWS_DEFAULT_REGION"] = TemplateValues.Region;
        // DynamoDB Local accepts any credentials; real ones must not be passed. The key identifies the calling function, as its role
        // does in AWS.
        variables["AWS_ACCESS_KEY_ID"] = function.LogicalId;
        variables["AWS_SECRET_ACCESS_KEY"] = "local";
        variables["AWS_ENDPOINT_URL_DYNAMODB"] = dynamoDbUrl;
        variables["TZ"] = ":UTC";
        return variables;
    }
}
