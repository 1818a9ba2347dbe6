using System.Text;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// The last known or assumed state of a counter item. A write shows whether it is right. Only one caller uses it at a time.
/// </summary>
internal sealed class KnownItem
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Names, int Bytes)> tags = new(StringComparer.Ordinal);

    /// <summary>The state of an unknown item: most likely it does not exist yet.</summary>
    public static KnownItem New => new() { IsNew = true };

    /// <summary>Whether the item is assumed not to exist.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The stored checkpoint; null when there is none. <see cref="Checkpoint"/> is the same one, opened.</summary>
    public CheckpointValue? Stored { get; private set; }

    public Checkpoint? Checkpoint { get; private set; }

    /// <summary>The number of known attribute names, which <see cref="KnownItems"/> limits.</summary>
    public int Names => names.Count;

    /// <summary>An item as it was found.</summary>
    /// <param name="growsByNames">Whether its attributes' names are to be known.</param>
    public static KnownItem Of(CounterState state, Checkpoint? checkpoint, bool growsByNames)
    {
        var item = new KnownItem { Stored = state.Checkpoint, Checkpoint = checkpoint };
        if (growsByNames) item.AddNames(state.Numbers.Keys);
        return item;
    }

    /// <summary>The same item after a write.</summary>
    public void Moved(CheckpointValue stored, Checkpoint checkpoint) => (IsNew, Stored, Checkpoint) = (false, stored, checkpoint);

    public void AddNames(IEnumerable<string> attributes)
    {
        foreach (var attribute in attributes) AddName(attribute);
    }

    /// <summary>Whether the attribute is in the item.</summary>
    public bool Has(string attribute) => names.Contains(attribute);

    /// <summary>The attribute in which an increment counts. If the item does not have its name yet, the name takes room.</summary>
    public string Admit(Increment increment)
    {
        if (increment.Room is not { } room) return increment.Attribute;
        var attribute = increment.Attribute;
        for (var bound = room; bound is not null; (attribute, bound) = (bound.Otherwise, bound.Next))
        {
            if (names.Contains(bound.Name) || HasRoom(bound))
            {
                AddName(attribute);
                return attribute;
            }
        }

        AddName(attribute);
        return attribute;
    }

    private bool HasRoom(Room bound)
    {
        var (count, bytes) = tags.GetValueOrDefault(Room.TagOf(bound.Name));
        return count < bound.Names && bytes + Size(bound.Name) <= bound.Bytes;
    }

    private void AddName(string attribute)
    {
        if (!names.Add(attribute)) return;
        var tag = Room.TagOf(attribute);
        var (count, bytes) = tags.GetValueOrDefault(tag);
        tags[tag] = (count + 1, bytes + Size(attribute));
    }

    private static int Size(string attribute) => Encoding.UTF8.GetByteCount(attribute) + Room.NumberBytes;
}
