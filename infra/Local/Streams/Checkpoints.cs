using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Local.Hosting;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>The positions of all mappings, in one file, so that a restarted host continues where it stopped.</summary>
/// <param name="file">Null keeps them in memory only.</param>
internal sealed class Checkpoints(string? file)
{
    private readonly Lock gate = new();
    private readonly JsonObject all = DataFolder.Read(file);

    public ShardCheckpoint Get(string mapping, string stream, string shard)
    {
        lock (gate)
        {
            var kept = all.Object(mapping).Object(stream).Object(shard);
            return new ShardCheckpoint(
                kept.Text("position"),
                kept.Flag("finished"),
                long.TryParse(kept.Text("window"), NumberStyles.None, CultureInfo.InvariantCulture, out var window) ? window : null,
                kept.Object("state")?.DeepClone() as JsonObject);
        }
    }

    public void Set(string mapping, string stream, string shard, ShardCheckpoint checkpoint)
    {
        lock (gate)
        {
            // Another ARN means that the table was created again, so the old positions are invalid.
            if (all.Object(mapping)?.ContainsKey(stream) != true)
                all[mapping] = new JsonObject { [stream] = new JsonObject() };
            all.Object(mapping).Object(stream)![shard] = new JsonObject
            {
                ["position"] = checkpoint.Position,
                ["finished"] = checkpoint.Finished,
                ["window"] = checkpoint.WindowStart,
                ["state"] = checkpoint.State?.DeepClone(),
            };
            DataFolder.Write(file, all);
        }
    }

    /// <summary>Removes shards that the stream no longer lists.</summary>
    public void Keep(string mapping, string stream, IEnumerable<string> shards)
    {
        lock (gate)
        {
            var known = all.Object(mapping).Object(stream);
            var gone = known?.Select(pair => pair.Key).Except(shards).ToArray() ?? [];
            foreach (var shard in gone)
                known!.Remove(shard);
            if (gone.Length > 0)
                DataFolder.Write(file, all);
        }
    }
}
