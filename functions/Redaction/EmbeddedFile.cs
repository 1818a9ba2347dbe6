namespace Collector.Redaction;

/// <summary>An embedded file that is read in place in memory, so that nothing is copied or parsed at a cold start.</summary>
internal sealed unsafe class EmbeddedFile
{
    private readonly byte* bytes;
    private readonly int length;
    private readonly byte[]? copy;

    private EmbeddedFile(Stream file)
    {
        length = (int)file.Length;
        if (file is UnmanagedMemoryStream mapped)
        {
            bytes = mapped.PositionPointer;
            return;
        }

        copy = new byte[length];
        file.ReadExactly(copy);
    }

    /// <summary>The whole file.</summary>
    public ReadOnlySpan<byte> Bytes => copy ?? new ReadOnlySpan<byte>(bytes, length);

    /// <summary>The file embedded under this logical name (see Functions.csproj).</summary>
    /// <exception cref="InvalidOperationException">There is no such resource.</exception>
    public static EmbeddedFile Open(string name)
    {
        // In CoreCLR and in Native AOT the stream's memory is the executable's image: it stays mapped when the stream is closed.
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded file {name} is missing.");
        return new EmbeddedFile(stream);
    }

    /// <summary>A file from a stream. The stream is read completely unless its memory can be used in place.</summary>
    public static EmbeddedFile From(Stream stream) => new(stream);
}
