using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// The members of one object of policy.json. Each is asked for once; what is left over at the end is a mistake in the file, as are a
/// missing member and one of the wrong shape: <see cref="InvalidDataException"/>. A member that is null is as good as none.
/// </summary>
internal ref struct PolicyMembers(JsonElement json, string what)
{
    private int taken;

    /// <summary>A value that is a text: an entry of a list or a table.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()! : throw new InvalidDataException($"policy.json: {value.GetRawText()} is no text");

    public JsonElement? Any(ReadOnlySpan<byte> name)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Mistake("is no object");
        if (!json.TryGetProperty(name, out var value)) return null;
        taken++;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public string? Text(ReadOnlySpan<byte> name) => Any(name) is { } value ? TextOf(value) : null;

    public long? Number(ReadOnlySpan<byte> name) =>
        Any(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Mistake("has a text for a number");

    public int? Small(ReadOnlySpan<byte> name) => (int?)Number(name);

    public bool? Flag(ReadOnlySpan<byte> name) =>
        Any(name) is not { } value ? null
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Mistake("has no true or false");

    public T? Name<T>(ReadOnlySpan<byte> name)
        where T : struct, Enum => Any(name) is { } value ? PolicyNames<T>.Parse(TextOf(value)) ?? throw Mistake("has an unknown word") : null;

    public List<T>? List<T>(ReadOnlySpan<byte> name, Func<JsonElement, T> entry)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Mistake("has no list");
        var list = new List<T>(value.GetArrayLength());
        foreach (var one in value.EnumerateArray()) list.Add(entry(one));
        return list;
    }

    public Dictionary<string, T>? Table<T>(ReadOnlySpan<byte> name, Func<JsonElement, T> entry)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Mistake("has no object");
        var table = new Dictionary<string, T>();
        foreach (var one in value.EnumerateObject()) table.Add(one.Name, entry(one.Value));
        return table;
    }

    public readonly InvalidDataException Missing(string name) => Mistake($"has no {name}");

    /// <summary>Ends the object: there is no member that nobody asked for.</summary>
    public readonly void End()
    {
        if (taken != json.GetPropertyCount()) throw Mistake("has a member that is not known, or twice the same");
    }

    private readonly InvalidDataException Mistake(string mistake) => new($"policy.json: {what} {mistake}: {json.GetRawText()}");
}
