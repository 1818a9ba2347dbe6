using Collector;

// One executable holds every handler; Lambda names the one to run in _HANDLER.
try
{
    await App.RunAsync(new Settings(Environment.GetEnvironmentVariable));
    return 0;
}
catch (Exception e) when (e is InvalidDataException or InvalidOperationException or HttpRequestException)
{
    // An operator's mistake, or a runtime that has gone away: one line says which.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
