using System.Text.Json;
using System.Text.Json.Nodes;

namespace Collector.Local.Hosting;

/// <summary>
/// The folder for all data that must survive a restart. Only one host at a time uses it. Without a folder nothing is kept.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string? folder;
    private readonly FileStream? held;

    /// <exception cref="HostException">Another host uses the folder.</exception>
    public DataFolder(string? folder)
    {
        this.folder = folder;
        if (folder is null)
            return;
        Directory.CreateDirectory(folder);
        try
        {
            // The system releases it whenever the host ends.
            held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new HostException($"Another collector uses {folder}. Stop it, or give this one a different folder with --data.");
        }
    }

    /// <summary>The path of a file or folder in the data folder; null when nothing is kept.</summary>
    public string? PathOf(string name) => folder is null ? null : Path.Combine(folder, name);

    /// <summary>A document from the data folder; empty when there is none yet.</summary>
    /// <param name="file">A path from <see cref="PathOf"/>.</param>
    /// <exception cref="HostException">It is not a JSON mapping.</exception>
    public static JsonObject Read(string? file)
    {
        if (file is null || !File.Exists(file))
            return [];
        try
        {
            return (JsonObject)JsonNode.Parse(File.ReadAllText(file))!;
        }
        catch (Exception e) when (e is JsonException or InvalidCastException)
        {
            throw new HostException($"{file} is damaged. Remove the data folder (its data is lost) and start again.");
        }
    }

    /// <summary>Replaces a document in one step, so that no reader sees a part of it. Only the owner can read it.</summary>
    public static void Write(string? file, JsonObject document)
    {
        if (file is null)
            return;
        var unfinished = file + ".new";
        File.Delete(unfinished);
        using (var stream = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new StreamWriter(stream))
            writer.Write(document.ToJsonString());
        File.Move(unfinished, file, overwrite: true);
    }

    public void Dispose() => held?.Dispose();
}
