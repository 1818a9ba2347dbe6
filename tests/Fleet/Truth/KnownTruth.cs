namespace Collector.Tests.Fleet.Truth;

/// <summary>
/// The correct value of every row: each acknowledged event counts once, each unacknowledged one at most once. So a row has a least and a
/// most value; when every request was acknowledged, they are equal.
/// </summary>
/// <param name="sessionsMayBeLost">A session is also acknowledged while the store is unavailable (I2), so with faults it counts at most
/// once, and so do the numbers that need a registered session.</param>
internal sealed class KnownTruth(bool sessionsMayBeLost)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Least, long Most)> rows = new(StringComparer.Ordinal);

    /// <summary>Acknowledged batches.</summary>
    public int Acknowledged { get; private set; }

    public int Unacknowledged { get; private set; }

    public long Events { get; private set; }

    public IReadOnlyDictionary<string, (long Least, long Most)> Rows => rows;

    /// <param name="stripped">The stripped fields in the answer; null for a session, whose answer does not report them.</param>
    public void Acknowledge(Batch batch, IReadOnlyDictionary<string, long>? stripped)
    {
        var certain = !(batch.IsSession && sessionsMayBeLost);
        lock (gate)
        {
            Acknowledged++;
            Events += batch.Events;
            Add(batch.Rows, certain);
            AddStripped(stripped ?? batch.Stripped.Value, certain);
        }
    }

    public void GiveUp(Batch batch)
    {
        lock (gate)
        {
            Unacknowledged++;
            Add(batch.Rows, certain: false);
            AddStripped(batch.Stripped.Value, certain: false);
        }
    }

    /// <summary>Adds an item that was written directly to the tables and must be counted.</summary>
    public void Put(string row, long amount)
    {
        lock (gate) Add(row, amount, certain: true);
    }

    private void Add(IReadOnlyDictionary<string, long> amounts, bool certain)
    {
        foreach (var (row, amount) in amounts) Add(row, amount, certain);
    }

    private void AddStripped(IReadOnlyDictionary<string, long> fields, bool certain)
    {
        foreach (var (field, times) in fields) Add(Row.Stripped(field), times, certain);
    }

    private void Add(string row, long amount, bool certain)
    {
        var (least, most) = rows.GetValueOrDefault(row);
        certain &= !(sessionsMayBeLost && Row.NeedsRegistration(row));
        rows[row] = (certain ? least + amount : least, most + amount);
    }
}
