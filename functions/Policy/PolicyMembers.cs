using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// The members of one object of policy.json. Each is requested once. An unrequested, missing or malformed member is a mistake in the file
/// and throws <see cref="InvalidDataException"/>. A null member counts as missing.
/// </summary>
internal ref struct PolicyMembers(JsonElement json, string what)
{
    private int taken;

    /// <summary>The text of an entry in a list or a table.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()! : throw new InvalidDataException($"policy.json: {value.GetRawText()} is not a string");

    public JsonElement? Any(ReadOnlySpan<byte> name)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Mistake("is not an object");
        if (!json.TryGetProperty(name, out var value)) return null;
        taken++;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public string? Text(ReadOnlySpan<byte> name) => Any(name) is { } value ? TextOf(value) : null;

    public long? Number(ReadOnlySpan<byte> name) =>
        Any(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
            : throw Mistake("has a value that is not a whole number");

    public int? Small(ReadOnlySpan<byte> name) => (int?)Number(name);

    public bool? Flag(ReadOnlySpan<byte> name) =>
        Any(name) is not { } value ? null
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw Mistake("has a value that is not true or false");

    public T? Name<T>(ReadOnlySpan<byte> name)
        where T : struct, Enum => Any(name) is { } value ? PolicyNames<T>.Parse(TextOf(value)) ?? throw Mistake("has an unknown word") : null;

    public List<T>? List<T>(ReadOnlySpan<byte> name, Func<JsonElement, T> entry)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Mistake("has a value that is not a list");
        var list = new List<T>(value.GetArrayLength());
        foreach (var one in value.EnumerateArray()) list.Add(entry(one));
        return list;
    }

    public Dictionary<string, T>? Table<T>(ReadOnlySpan<byte> name, Func<JsonElement, T> entry)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Mistake("has a value that is not an object");
        var table = new Dictionary<string, T>();
        foreach (var one in value.EnumerateObject()) table.Add(one.Name, entry(one.Value));
        return table;
    }

    public readonly InvalidDataException Missing(string name) => Mistake($"has no {name}");

    /// <summary>Checks that every member of the object was requested.</summary>
    public readonly void End()
    {
        if (taken != json.GetPropertyCount()) throw Mistake("has an unknown or duplicate member");
    }

    private readonly InvalidDataException Mistake(string mistake) => new($"policy.json: {what} {mistake}: {json.GetRawText()}");
}
