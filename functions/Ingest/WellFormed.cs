using System.Text.Json;
using System.Text.Unicode;
using Collector.Policy;

namespace Collector.Ingest;

/// <summary>
/// JSON's grammar is checked when it is read, its texts are not: bytes that are not UTF-8 and escapes of half a surrogate pair pass, and
/// are an exception when they are read.
/// </summary>
internal static class WellFormed
{
    /// <summary>Whether every name and text in this JSON can be read.</summary>
    public static bool Is(ReadOnlySpan<byte> json) =>
        Utf8.IsValid(json) && (!RawJson.MayHoldHalves(json) || EscapesAreWhole(json, namesOnly: false));

    /// <summary>Whether every name in it can be read; a text that can't costs only its own field.</summary>
    public static bool NamesAre(ReadOnlySpan<byte> json) => EscapesAreWhole(json, namesOnly: true);

    private static bool EscapesAreWhole(ReadOnlySpan<byte> json, bool namesOnly)
    {
        var reader = new Utf8JsonReader(json, RawJson.Options);
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped && (reader.TokenType == JsonTokenType.PropertyName || !namesOnly)) _ = reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
