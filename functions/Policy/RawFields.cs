using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>The values that the rules of an event or of a list's entry need, found in one pass over the bytes.</summary>
internal sealed class RawFields(FieldRule rules)
{
    private readonly RawValue[] values = new RawValue[rules.Slots.Count];

    public FieldRule Rules { get; } = rules;

    public RawValue this[int slot] => values[slot];

    /// <summary>The session id of the event.</summary>
    public RawValue Session { get; private set; }

    /// <summary>Whether there is a value of any shape for the field that is stored under this name.</summary>
    public bool Sends(string name) => values[SlotOf(name)].IsSent;

    /// <summary>Sets the value of the field that is stored under this name.</summary>
    public void Put(string name, RawValue value) => values[SlotOf(name)] = value;

    /// <summary>The value of the field that is stored under this name.</summary>
    public RawValue Value(string name) => values[SlotOf(name)];

    /// <summary>Removes all values.</summary>
    public void Clear() => Array.Clear(values);

    /// <summary>Finds the values of one member of the event, when the member was sent without the event around it.</summary>
    public void ReadPart(string member, ref Utf8JsonReader reader, int from, ref StrippedFields stripped)
    {
        Array.Clear(values);
        var name = Encoding.UTF8.GetBytes(member);
        Read(Rules.Children.Single(child => child.Name.AsSpan().SequenceEqual(name)), ref reader, from, ref stripped);
    }

    private int SlotOf(string name) => Rules.Slots.FindIndex(slot => slot.Document!.As == name);

    /// <summary>
    /// Reads one object and notes where the values of its fields are; on return the reader is on its last token. Counts each value that no
    /// rule keeps. <paramref name="from"/> is the position of the reader's first byte in the body.
    /// </summary>
    public void Read(ref Utf8JsonReader reader, int from, ref StrippedFields stripped)
    {
        Array.Clear(values);
        Read(Rules, ref reader, from, ref stripped);
    }

    private void Read(FieldRule rule, ref Utf8JsonReader reader, int from, ref StrippedFields stripped)
    {
        // Clients send their members in the order of the rules, so the next child is nearly always the right one.
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = Match(rule.Children, ref reader, ref next);
            var isName = child is null && rule.IsEvent && RawJson.Is("name"u8, ref reader);
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
        if (!RawJson.IsReadable(ref reader)) return null;
        var children = CollectionsMarshal.AsSpan(rules);
        for (var tried = 0; tried < children.Length; tried++, next++)
        {
            if (next >= children.Length) next = 0;
            if (reader.ValueTextEquals(children[next].Name)) return children[next++];
        }

        return null;
    }
}
