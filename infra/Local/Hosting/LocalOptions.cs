using System.Globalization;

namespace Collector.Local.Hosting;

/// <summary>The host's command line; <c>infra/run.sh --help</c> explains the options.</summary>
internal sealed record LocalOptions
{
    /// <summary>The first argument if it is one of <see cref="TemplateCommands"/>, so that nothing is run; otherwise null.</summary>
    public string? Command { get; private init; }

    public string Template { get; private init; } = "template.yaml";

    public string Functions { get; private init; } = "";

    public int Port { get; private init; } = 8080;

    public int DynamoDbPort { get; private init; } = 8000;

    /// <summary>A running DynamoDB; null starts one.</summary>
    public Uri? DynamoDbUrl { get; private init; }

    public string DynamoDbHome { get; private init; } = "";

    /// <summary>Null keeps nothing.</summary>
    public string? Data { get; private init; } = ".data";

    public bool Demo { get; private init; }

    /// <summary>Show each function's log lines and the start of processes.</summary>
    public bool Verbose { get; private init; }

    /// <summary>Show the page in a browser when it is ready.</summary>
    public bool Open { get; private init; }

    public int Concurrency { get; private init; } = 4;

    /// <summary>Further host names to which requests may be sent, besides localhost and 127.0.0.1.</summary>
    public IReadOnlyList<string> HostNames { get; private init; } = [];

    public IReadOnlyDictionary<string, string> Parameters { get; private init; } = new Dictionary<string, string>();

    /// <exception cref="HostException">An option is unknown or its value is invalid.</exception>
    public static LocalOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LocalOptions();
        var parameters = new Dictionary<string, string>();
        var inMemory = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (i == 0 && name is TemplateCommands.Check or TemplateCommands.Routes or TemplateCommands.Functions)
            {
                options = options with { Command = name };
                continue;
            }

            if (name is "--in-memory" or "--demo" or "--verbose" or "--open")
            {
                inMemory |= name == "--in-memory";
                options = options with
                {
                    Demo = options.Demo || name == "--demo",
                    Verbose = options.Verbose || name == "--verbose",
                    Open = options.Open || name == "--open",
                };
                continue;
            }

            if (++i >= arguments.Count)
                throw new HostException($"{name} is not an option, or has no value.");
            var value = arguments[i];
            options = name switch
            {
                "--template" => options with { Template = value },
                "--functions" => options with { Functions = value },
                "--port" => options with { Port = Number(name, value, 1, 65535) },
                "--dynamodb-port" => options with { DynamoDbPort = Number(name, value, 1, 65535) },
                "--dynamodb-url" => options with { DynamoDbUrl = Url(name, value) },
                "--dynamodb-home" => options with { DynamoDbHome = value },
                "--data" => options with { Data = value },
                "--concurrency" => options with { Concurrency = Number(name, value, 1, 1000) },
                "--host-name" => options with { HostNames = [.. options.HostNames, HostName(name, value)] },
                "--parameter" => Parameter(value),
                _ => throw new HostException($"{name} is not an option. infra/run.sh --help lists them."),
            };
        }

        return options with { Parameters = parameters, Data = inMemory ? null : options.Data };

        LocalOptions Parameter(string pair)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw new HostException("--parameter must be followed by Name=Value, for example TrackEvents=false.");
            parameters[pair[..at]] = pair[(at + 1)..];
            return options;
        }
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new HostException($"{name} must be a number from {least} to {most}.");

    private static string HostName(string name, string value) =>
        Uri.CheckHostName(value) is UriHostNameType.Dns or UriHostNameType.IPv4
            ? value
            : throw new HostException($"{name} must be a host name without a port, such as collector.test.");

    private static Uri Url(string name, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new HostException($"{name} must be an address such as http://127.0.0.1:8000.");
}
