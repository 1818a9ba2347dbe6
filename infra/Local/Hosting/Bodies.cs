namespace Collector.Local.Hosting;

/// <summary>Reads request bodies up to a limit.</summary>
internal static class Bodies
{
    /// <summary>The whole body; null when it is longer than the limit.</summary>
    public static async Task<ReadOnlyMemory<byte>?> Read(Stream body, int limit, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (buffer.Length + read > limit)
                return null;
            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
