using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Collector.Policy;

/// <summary>
/// The type of a value that a client sent, and its position in the request's bytes: for a text, in UTF-8, without its quotes and with its
/// escapes. The content is not read until a rule needs it. The default value means none.
/// </summary>
internal readonly struct RawValue
{
    // One number, because an event has a dozen values: 28 bits for the position, 28 for the length, 7 for the type, 1 for whether a text
    // has escapes.
    private const int PlaceBits = 28;
    private const int TypeShift = 2 * PlaceBits;
    private const int EscapeShift = 63;

    private const int UuidLength = 36;
    private const int MaxUuid = UuidLength * MaxEscape;

    /// <summary>The longest body whose positions fit into a value, in bytes.</summary>
    public const int MaxBody = (1 << PlaceBits) - 1;

    /// <summary>The most bytes that a UTF-16 unit of a text takes: those of an escape. Unescaping only shortens a text.</summary>
    public const int MaxEscape = 6;

    private readonly ulong bits;

    private RawValue(JsonTokenType type, bool isEscaped, int start, int length) =>
        bits = (uint)start | ((ulong)(uint)length << PlaceBits) | ((ulong)type << TypeShift) | (isEscaped ? 1UL << EscapeShift : 0);

    public JsonTokenType Type => (JsonTokenType)((bits >> TypeShift) & 0x7F);

    public int Start => (int)(bits & MaxBody);

    /// <summary>In bytes.</summary>
    public int Length => (int)((bits >> PlaceBits) & MaxBody);

    private bool IsEscaped => bits >> EscapeShift != 0;

    /// <summary>Whether there is a value. JSON's <c>null</c> counts as none.</summary>
    public bool IsSent => Type is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>
    /// Reads one value; on return the reader is on its last token. <paramref name="from"/> is the position of the reader's first byte in
    /// the body.
    /// </summary>
    public static RawValue Take(ref Utf8JsonReader reader, int from)
    {
        var type = reader.TokenType;
        var start = from + (int)reader.TokenStartIndex;
        if (type == JsonTokenType.String) return new(type, reader.ValueIsEscaped, start + 1, reader.ValueSpan.Length);
        if (type is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return new(type, false, start, reader.ValueSpan.Length);
        reader.Skip();
        return new(type, false, start, from + (int)reader.BytesConsumed - start);
    }

    /// <summary>Takes the name of a member as a text.</summary>
    public static RawValue TakeName(ref Utf8JsonReader reader, int from) =>
        new(JsonTokenType.String, reader.ValueIsEscaped, from + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> body) => body.Slice(Start, Length);

    /// <summary>A reader for the entries of this array or object, positioned on its first token.</summary>
    public Utf8JsonReader Entries(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(In(body), RawJson.Options);
        reader.Read();
        return reader;
    }

    /// <summary>Whether the value is an empty text or list, which means that there is none: api_key is <c>""</c> without a key.</summary>
    public bool IsBlank(ReadOnlySpan<byte> body) => Type switch
    {
        JsonTokenType.String => Length == 0,
        JsonTokenType.StartArray => In(body)[1..^1].Trim(" \t\r\n"u8).IsEmpty,
        _ => false,
    };

    /// <summary>Reads a whole number; false for any other value and for a number that does not fit into 64 bits.</summary>
    public bool TryGetInteger(ReadOnlySpan<byte> body, out long number)
    {
        number = 0;
        return Type == JsonTokenType.Number && Utf8Parser.TryParse(In(body), out number, out var read) && read == Length;
    }

    public bool TryGetNumber(ReadOnlySpan<byte> body, out double number)
    {
        number = 0;
        return Type == JsonTokenType.Number && Utf8Parser.TryParse(In(body), out number, out var read) && read == Length;
    }

    /// <summary>Reads a UUID in its usual form, with digits in either case.</summary>
    public bool TryGetUuid(ReadOnlySpan<byte> body, out Guid uuid)
    {
        Span<char> text = stackalloc char[MaxUuid];
        Span<byte> ascii = stackalloc byte[UuidLength];
        uuid = default;
        return Length <= MaxUuid && TryCopyText(body, text, out var length) && length == UuidLength
            && Ascii.FromUtf16(text[..length], ascii, out _) == OperationStatus.Done
            && Utf8Parser.TryParse(ascii, out uuid, out var read, 'D') && read == UuidLength;
    }

    /// <summary>
    /// Writes a text to a buffer of at least <see cref="Length"/> characters; false for a value that is not a text, or that cannot be read
    /// because it is not UTF-8 or has half of a surrogate pair.
    /// </summary>
    public bool TryCopyText(ReadOnlySpan<byte> body, Span<char> buffer, out int length)
    {
        length = 0;
        if (Type != JsonTokenType.String) return false;
        for (var rest = In(body);;)
        {
            var escape = IsEscaped ? rest.IndexOf((byte)'\\') : -1;
            var plain = escape < 0 ? rest : rest[..escape];
            if (Utf8.ToUtf16(plain, buffer[length..], out _, out var written,
                replaceInvalidSequences: false) != OperationStatus.Done) return false;
            length += written;
            if (escape < 0) return true;
            rest = rest[escape..];
            var character = Unescape(ref rest);
            buffer[length++] = character;
            if (!char.IsSurrogate(character)) continue;
            if (rest is not [(byte)'\\', (byte)'u', ..] || !char.IsSurrogatePair(
                character, buffer[length++] = Unescape(ref rest))) return false;
        }
    }

    // Reads and removes the escape at the beginning. It is valid, because the body was parsed before.
    private static char Unescape(ref ReadOnlySpan<byte> rest)
    {
        var name = rest[1];
        if (name == 'u')
        {
            var code = ushort.Parse(rest.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            rest = rest[MaxEscape..];
            return (char)code;
        }

        rest = rest[2..];
        return name switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)name,
        };
    }
}
