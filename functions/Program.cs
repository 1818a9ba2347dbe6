using Collector;

// A process handles one invocation at a time, and none of its threads blocks on a socket. So what arrives is handled on the thread that
// notices it, which saves waking another one. The runtime reads this variable before it opens its first socket.
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
