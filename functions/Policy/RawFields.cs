using System.Runtime.InteropServices;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>The values that the rules of an event, or of a list's entry, ask for, found in one pass over its bytes.</summary>
internal sealed class RawFields(FieldRule rules)
{
    private readonly RawValue[] values = new RawValue[rules.Slots.Count];

    public FieldRule Rules { get; } = rules;

    public RawValue this[int slot] => values[slot];

    /// <summary>The session that the event names.</summary>
    public RawValue Session { get; private set; }

    /// <summary>
    /// Finds the values of the object that the reader stands at, which then stands at its end; <paramref name="from"/> is where the reader's bytes begin
    /// in the body. What no rule keeps is counted.
    /// </summary>
    public void Read(ref Utf8JsonReader reader, int from, ref StrippedFields stripped)
    {
        Array.Clear(values);
        Read(Rules, ref reader, from, ref stripped);
    }

    private void Read(FieldRule rule, ref Utf8JsonReader reader, int from, ref StrippedFields stripped)
    {
        // Clients send their members in one order, and so do the rules stand: the next child is nearly always the one.
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = Match(rule.Children, ref reader, ref next);
            var isName = child is null && rule.IsEvent && reader.ValueTextEquals("name"u8);
            reader.Read();
            if (child is { Document: null } && reader.TokenType == JsonTokenType.StartObject)
            {
                Read(child, ref reader, from, ref stripped);
                continue;
            }

            var value = RawValue.Take(ref reader, from);
            if (child is null)
            {
                if (!isName) stripped.Add(rule.Unnamed);
                continue;
            }

            if (child.IsSession) Session = value;
            if (child.Slot >= 0)
            {
                if (values[child.Slot].Type != JsonTokenType.None) stripped.Add(child.Path);
                values[child.Slot] = value;
            }
            else if (value.IsSent && child.Document is not { Do: FieldAction.CutHour })
            {
                stripped.Add(child.Path);
            }
        }
    }

    private static FieldRule? Match(List<FieldRule> rules, ref Utf8JsonReader reader, ref int next)
    {
        var children = CollectionsMarshal.AsSpan(rules);
        for (var tried = 0; tried < children.Length; tried++, next++)
        {
            if (next >= children.Length) next = 0;
            if (reader.ValueTextEquals(children[next].Name)) return children[next++];
        }

        return null;
    }
}
