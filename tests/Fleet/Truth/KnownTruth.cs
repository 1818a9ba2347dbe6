namespace Collector.Tests.Fleet.Truth;

/// <summary>
/// What every row must be: each acknowledged event counts once, each unacknowledged one at most once. A row so has a least and a most;
/// where every request was acknowledged they are the same.
/// </summary>
/// <param name="sessionsMayBeLost">A session is acknowledged also while the store is away (I2), so with faults it counts at most
/// once, and so does what is known of registered sessions alone.</param>
internal sealed class KnownTruth(bool sessionsMayBeLost)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Least, long Most)> rows = new(StringComparer.Ordinal);

    /// <summary>Batches that were acknowledged, and those that were not.</summary>
    public int Acknowledged { get; private set; }

    public int Unacknowledged { get; private set; }

    public long Events { get; private set; }

    public IReadOnlyDictionary<string, (long Least, long Most)> Rows => rows;

    /// <param name="stripped">What the answer says was stripped; null for a session, whose answer does not say it.</param>
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

    /// <summary>Something that was put past the collector's door and must be counted.</summary>
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
