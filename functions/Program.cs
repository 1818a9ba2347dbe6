using Collector;

// One executable, every handler: Lambda names the one to be in _HANDLER.
try
{
    using var bootstrap = new Composition(new Settings(Environment.GetEnvironmentVariable), TimeProvider.System).Build().Build();
    await bootstrap.RunAsync();
    return 0;
}
catch (Exception e) when (e is InvalidDataException or InvalidOperationException or HttpRequestException)
{
    // An operator's mistake or a runtime that is gone: one line that says which.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
