using System.Net;

namespace Collector.Tests.Fleet.Clients;

/// <summary>A body that reports when it has been written.</summary>
internal sealed class SentContent(byte[] body, Func<Task> sent) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body);
        await stream.FlushAsync();
        _ = sent();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
