using Collector;

// One thing happens at a time here, and nothing waits for a socket without giving its thread back: what arrives is handled on the thread that
// hears of it, without waking another. The runtime reads this before it opens its first socket.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

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
