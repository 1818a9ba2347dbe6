using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Collector.Ingest;

/// <summary>
/// JSON's grammar is checked when it is parsed, its texts are not: bytes that are not UTF-8 and escapes of half a surrogate pair pass, and are an
/// exception to whoever reads them.
/// </summary>
internal static class WellFormed
{
    /// <summary>Whether every name and text in it can be read.</summary>
    public static bool Is(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (!Utf8.IsValid(raw)) return false;
        var escape = raw.IndexOf((byte)'\\');
        // Halves of pairs are D800 to DFFF.
        return escape < 0 || (raw[escape..].IndexOf("\\ud"u8) < 0 && raw[escape..].IndexOf("\\uD"u8) < 0) || EscapesAreWhole(raw, namesOnly: false);
    }

    /// <summary>Whether every name in it can be read; a text that can't costs only its own field.</summary>
    public static bool NamesAre(JsonElement element) => EscapesAreWhole(JsonMarshal.GetRawUtf8Value(element), namesOnly: true);

    private static bool EscapesAreWhole(ReadOnlySpan<byte> raw, bool namesOnly)
    {
        var reader = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = Envelope.MaxDepth });
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
