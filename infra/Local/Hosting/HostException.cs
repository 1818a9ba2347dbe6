namespace Collector.Local.Hosting;

/// <summary>The host cannot continue; the message is one line that says what to do.</summary>
internal sealed class HostException(string message) : Exception(message);
