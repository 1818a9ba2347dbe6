namespace Collector.Local.Hosting;

/// <summary>The host cannot go on; the message is the one line that says what to do.</summary>
internal sealed class HostException(string message) : Exception(message);
