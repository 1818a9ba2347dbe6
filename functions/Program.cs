using Collector;

// One executable contains every handler; Lambda names the one to run in _HANDLER.
try
{
    await App.RunAsync(new Settings(Environment.GetEnvironmentVariable));
    return 0;
}
catch (Exception e) when (e is InvalidDataException or InvalidOperationException or HttpRequestException)
{
    // The configuration is wrong, or the Runtime API does not answer. The message is one line that names the cause.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
