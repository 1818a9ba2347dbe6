using System.Text;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// The members of one object of policy.json. Each is requested once. An unrequested, missing or malformed member is a mistake in the file
/// and throws <see cref="InvalidDataException"/> with one line that names it. A null member counts as missing.
/// </summary>
/// <param name="json">The object.</param>
/// <param name="what">What it describes: "an event".</param>
internal ref struct PolicyMembers(JsonElement json, string what)
{
    private int taken;

    public JsonElement? Any(ReadOnlySpan<byte> name)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Mistake("is not an object");
        if (!json.TryGetProperty(name, out var value)) return null;
        taken++;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public string? Text(ReadOnlySpan<byte> name) => Any(name) is { } value ? TextOf(value, name) : null;

    public List<string>? Texts(ReadOnlySpan<byte> name)
    {
        if (Any(name) is not { } value) return null;
        var texts = new List<string>();
        foreach (var text in Entries(value, name)) texts.Add(TextOf(text, name));
        return texts;
    }

    public Dictionary<string, string>? TextTable(ReadOnlySpan<byte> name)
    {
        if (Any(name) is not { } value) return null;
        var table = new Dictionary<string, string>();
        foreach (var (key, text) in Rows(value, name))
        {
            if (!table.TryAdd(key, TextOf(text, name))) throw Mistake(name, $"has {key} twice");
        }

        return table;
    }

    public long? Number(ReadOnlySpan<byte> name) =>
        Any(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
            : throw Mistake(name, "is not a whole number");

    public int? Small(ReadOnlySpan<byte> name) =>
        Number(name) is not { } number ? null : number is >= 0 and <= int.MaxValue ? (int)number : throw Mistake(name, "is out of range");

    public bool? Flag(ReadOnlySpan<byte> name) =>
        Any(name) is not { } value ? null
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw Mistake(name, "is not true or false");

    public T? Name<T>(ReadOnlySpan<byte> name)
        where T : struct, Enum =>
        Text(name) is not { } text ? null : PolicyNames<T>.Parse(text) ?? throw Mistake(name, "is not a known word");

    public List<T>? List<T>(ReadOnlySpan<byte> name, Func<JsonElement, T> entry)
    {
        if (Any(name) is not { } value) return null;
        var entries = Entries(value, name);
        var list = new List<T>(value.GetArrayLength());
        foreach (var one in entries) list.Add(entry(one));
        return list;
    }

    public Dictionary<string, T>? Table<T>(ReadOnlySpan<byte> name, Func<JsonElement, T> entry)
    {
        if (Any(name) is not { } value) return null;
        var table = new Dictionary<string, T>();
        foreach (var (key, row) in Rows(value, name))
        {
            if (!table.TryAdd(key, entry(row))) throw Mistake(name, $"has {key} twice");
        }

        return table;
    }

    public readonly InvalidDataException Missing(string name) => Mistake($"has no {name}");

    /// <summary>Checks that every member of the object was requested.</summary>
    public readonly void End()
    {
        if (taken != json.GetPropertyCount())
            throw Mistake($"has an unknown or duplicate member among {string.Join(", ", json.EnumerateObject().Select(member => member.Name))}");
    }

    private readonly string TextOf(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Mistake(name, "is not a string");

    private readonly JsonElement.ArrayEnumerator Entries(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Mistake(name, "is not a list");

    private readonly IEnumerable<(string Key, JsonElement Row)> Rows(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Select(row => (row.Name, row.Value)) : throw Mistake(name, "is not an object");

    private readonly InvalidDataException Mistake(ReadOnlySpan<byte> name, string mistake) =>
        Mistake($"has a mistake: {Encoding.UTF8.GetString(name)} {mistake}");

    // The object's own name tells which of the many it is.
    private readonly InvalidDataException Mistake(string mistake)
    {
        JsonElement name = default;
        if (json.ValueKind == JsonValueKind.Object && !json.TryGetProperty("name"u8, out name)) json.TryGetProperty("field"u8, out name);
        return new($"policy.json: {what}{(name.ValueKind == JsonValueKind.String ? $" ({name.GetString()})" : "")} {mistake}");
    }
}
