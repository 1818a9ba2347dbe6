using System.Runtime.InteropServices;
using Collector.Local.DynamoDb;
using Collector.Local.Hosting;
using Collector.Local.Template;

// Not disposed: a signal handler may still run after everything else has ended.
var stop = new CancellationTokenSource();
var options = new LocalOptions();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    options = LocalOptions.Parse(args);
    if (options.Command is { } command)
    {
        TemplateCommands.Run(command, TemplateFile.Read(options), Console.Out);
        return 0;
    }

    await new LocalHost(options, new HostLog(Console.Out, options.Verbose, UsesColour()), TimeProvider.System).Run(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (TemplateException e)
{
    return Fail(options.Command == TemplateCommands.Check ? e.Message : $"{options.Template} cannot be read: {e.Message}");
}
catch (Exception e) when (e is HostException or DynamoDbException or IOException or UnauthorizedAccessException)
{
    return Fail(e.Message);
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

// On a terminal, unless NO_COLOR is set (https://no-color.org).
static bool UsesColour() => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

static int Fail(string line)
{
    Console.Error.WriteLine(line);
    return 1;
}
