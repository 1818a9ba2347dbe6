namespace Collector.Counting;

/// <summary>
/// The order of a batch. AWS delivers a stream shard in the order of its sequence numbers, and the checkpoints in counter items depend
/// on that. Other sources of the same events may not keep this order: LocalStack's default DynamoDB numbers records from one counter
/// that parallel writes share.
/// </summary>
internal static class DeliveryOrder
{
    /// <summary>Sorts records by position, removes repeated ones, and returns how many were delivered after a later record.</summary>
    /// <param name="records">A batch as delivered; sorted in place.</param>
    /// <param name="before">The last position of the previous batch, if it is known.</param>
    public static int Arrange(List<StreamRecord> records, StreamPosition? before)
    {
        var latest = before;
        var backwards = 0;
        var twice = false;
        foreach (var record in records)
        {
            var order = latest is { } last ? record.Position.CompareTo(last) : 1;
            if (order > 0) latest = record.Position;
            if (order < 0) backwards++;
            if (order == 0) twice = true;
        }

        if (backwards == 0 && !twice) return 0;
        records.Sort((a, b) => a.Position.CompareTo(b.Position));
        var kept = 0;
        for (var i = 0; i < records.Count; i++)
        {
            if (kept == 0 || records[i].Position != records[kept - 1].Position) records[kept++] = records[i];
        }

        records.RemoveRange(kept, records.Count - kept);
        return backwards;
    }
}
