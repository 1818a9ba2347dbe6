using System.Text;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// A counter item's state as it was last seen, or as it is assumed to be until a write shows otherwise. One caller has it at a time.
/// </summary>
internal sealed class KnownItem
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Names, int Bytes)> tags = new(StringComparer.Ordinal);

    /// <summary>An item about which nothing is known: most likely it does not exist yet.</summary>
    public static KnownItem New => new() { IsNew = true };

    /// <summary>Whether the item is assumed not to exist.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The checkpoint as it is stored; null when there is none.</summary>
    public CheckpointValue? Stored { get; private set; }

    /// <summary>The opened checkpoint; null when there is none or it cannot be opened.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    /// <summary>How many attribute names are known; all items together have a limit.</summary>
    public int Names => names.Count;

    /// <summary>An item in the state that was found.</summary>
    /// <param name="growsByNames">Whether its attributes' names must be known.</param>
    public static KnownItem Of(CounterState state, Checkpoint? checkpoint, bool growsByNames)
    {
        var item = new KnownItem { Stored = state.Checkpoint, Checkpoint = checkpoint };
        if (growsByNames) item.AddNames(state.Numbers.Keys);
        return item;
    }

    /// <summary>Notes the state after a write.</summary>
    public void Moved(CheckpointValue stored, Checkpoint checkpoint) => (IsNew, Stored, Checkpoint) = (false, stored, checkpoint);

    public void AddNames(IEnumerable<string> attributes)
    {
        foreach (var attribute in attributes) AddName(attribute);
    }

    /// <summary>Whether the attribute is in the item.</summary>
    public bool Has(string attribute) => names.Contains(attribute);

    /// <summary>Returns the attribute in which an increment counts, and notes the name that this adds to the item.</summary>
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
