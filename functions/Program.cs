using Collector;

// One executable contains every handler; Lambda names the one to run in _HANDLER.
try
{
    await App.RunAsync(new Settings(Environment.GetEnvironmentVariable));
    return 0;
}
catch (Exception e) when (e is InvalidDataException or InvalidOperationException or HttpRequestException)
{
    // A mistake in the configuration, or a Runtime API that does not answer: one line says which.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
