using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>template.yaml packaged by the AWS CLI and translated by SAM, with a moto server to deploy it.</summary>
public sealed class PlainTemplate : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("collector-template-");
    private readonly int port = Repository.FreePort();
    private OwnedProcess? moto;

    /// <summary>The missing tool; null when all tools are installed.</summary>
    public string? Missing { get; private set; }

    /// <summary>The template as the AWS CLI packages it, the input for SAM's translation.</summary>
    public string Packaged { get; private set; } = "";

    /// <summary>The plain CloudFormation template.</summary>
    public JsonObject Root { get; private set; } = [];

    private Dictionary<string, string> Environment => new()
    {
        // moto recognises its own buckets in a template's address by this host name.
        ["AWS_ENDPOINT_URL"] = $"http://localhost:{port}",
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_PAGER"] = "",
        ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true",
    };

    public async Task InitializeAsync()
    {
        Missing = await Tool.Missing("python3", "-c", "import samtranslator, moto.server")
            ?? await Tool.Missing("aws", "--version") ?? await Tool.Missing("moto_server", "--help");
        if (Missing is not null) return;

        moto = OwnedProcess.Start("moto_server", ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)],
            environment: Environment);
        await Eventually.Get(Answers, answers => answers);
        File.Copy(Template.Path, Path.Combine(folder.FullName, "template.yaml"));
        Directory.CreateDirectory(Path.Combine(folder.FullName, "artifacts", "functions"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "artifacts", "functions", "bootstrap"), "replaces the executable");
        await Aws("s3", "mb", "s3://artifacts");
        await Aws("cloudformation", "package", "--template-file", "template.yaml", "--s3-bucket", "artifacts", "--output-template-file",
            "packaged.yaml");
        // The command of infra/deploy.sh.
        await Aws("cloudformation", "package", "--template-file", "template.yaml", "--s3-bucket", "artifacts", "--use-json",
            "--output-template-file", "packaged.json");
        var library = Path.Combine(Repository.Root, "infra", "lib.sh");
        Packaged = await Tool.Must("bash", ["-c", $". '{library}'; dense_json <packaged.json"], folder.FullName, Environment);
        var plain = await Tool.Must(
            "python3", [Path.Combine(Repository.Root, "tests", "EndToEnd", "Deployment", "translate.py"), "packaged.yaml"],
                folder.FullName, Environment);
        Root = JsonNode.Parse(plain)!.AsObject();
    }

    /// <summary>Deploys the plain template without some resource types, and returns the logical ids of the created resources.</summary>
    public async Task<IReadOnlySet<string>> Deploy(string stack, IReadOnlyDictionary<string, string> parameters,
        IReadOnlyCollection<string> without)
    {
        var template = Root.DeepClone();
        var resources = template["Resources"]!.AsObject();
        foreach (var id in resources.Where(resource => without.Contains((string)resource.Value!["Type"]!)).Select(resource => resource.Key)
            .ToList())
            resources.Remove(id);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, stack + ".json"), template.ToJsonString());
        await Aws(["cloudformation", "deploy", "--stack-name", stack, "--template-file", stack + ".json", "--s3-bucket", "artifacts",
            "--capabilities", "CAPABILITY_IAM",
            .. parameters.Count == 0 ? Array.Empty<string>()
                : ["--parameter-overrides", .. parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")]]);
        var made = JsonNode.Parse(await Aws("cloudformation", "describe-stack-resources", "--stack-name", stack, "--output", "json"))!;
        return made["StackResources"]!.AsArray().Select(resource => (string?)resource!["LogicalResourceId"]).OfType<string>().ToHashSet();
    }

    public async Task DisposeAsync()
    {
        if (moto is not null) await moto.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private Task<string> Aws(params string[] arguments) => Tool.Must("aws", arguments, folder.FullName, Environment);

    private async Task<bool> Answers()
    {
        if (moto!.HasExited) throw new InvalidOperationException($"moto_server has ended:\n{string.Join('\n', moto.Output)}");
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
