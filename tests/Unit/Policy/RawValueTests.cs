using System.Text;
using System.Text.Json;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>A string is read as System.Text.Json reads it; a string that the library refuses has no value.</summary>
public class RawValueTests
{
    [Theory]
    [InlineData("""plain""", "plain")]
    [InlineData("""\"\\\/\b\f\n\r\t""", "\"\\/\b\f\n\r\t")]
    [InlineData("""a\u0065\u00e9\u20AC""", "aeé€")]
    [InlineData("""\ud83d\ude00 é😀""", "😀 é😀")]
    [InlineData("""\ud83d""", null)]
    [InlineData("""\ude00\ud83d""", null)]
    [InlineData("""\ud83dx""", null)]
    [InlineData("""\ud83d\n""", null)]
    [InlineData("""\ud83d\u0041""", null)]
    [InlineData("", "")]
    public void A_string_is_read_as_expected(string json, string? text) => Assert.Equal(text, Read(Encoding.UTF8.GetBytes($"\"{json}\"")));

    [Fact]
    public void Every_JSON_string_is_read_as_the_library_reads_it()
    {
        var random = new Random(11);
        string[] parts = ["a", "word ", "é", "€", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\u0041", "\\u00E9", "\\ud83d\\ude00",
        "\\ud83d", "\\ude00", "\\u", "\\x", "u0041"];
        byte[][] broken = [[0xc3], [0xff], [0xed, 0xa0, 0x80], [0xf0, 0x9f]];
        var (texts, none) = (0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var json = new List<byte> { (byte)'"' };
            for (var n = random.Next(12); n > 0; n--)
                json.AddRange(random.Next(40) == 0
                    ? broken[random.Next(broken.Length)] : Encoding.UTF8.GetBytes(parts[random.Next(parts.Length)]));
            json.Add((byte)'"');
            byte[] body = [.. json];
            if (!IsJson(body)) continue;
            var expected = Library(body);
            Assert.Equal(expected, Read(body));
            if (expected is null) none++;
            else texts++;
        }

        Assert.True(texts > 10_000 && none > 10_000, $"{texts} readable strings, {none} unreadable ones");
    }

    private static string? Read(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        var sent = RawValue.Take(ref reader, 0);
        var buffer = new char[sent.Length];
        return sent.TryCopyText(body, buffer, out var length) ? new string(buffer, 0, length) : null;
    }

    private static string? Library(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsJson(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return reader.Read() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
