using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Collector.Local.Gateway;

/// <summary>A function's answer to a proxy event.</summary>
internal sealed record ProxyAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>Null if API Gateway would treat the answer as malformed and answer 502.</summary>
    public static ProxyAnswer? Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || ReadStatus(root) is not { } status)
                return null;
            var headers = new List<KeyValuePair<string, string>>();
            return ReadHeaders(root, headers) && ReadBody(root) is { } body ? new ProxyAnswer(status, headers, body) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static int? ReadStatus(JsonElement root)
    {
        if (!root.TryGetProperty("statusCode", out var element))
            return null;
        var text = element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599 ? status
            : null;
    }

    /// <summary>A header that is in both maps gets the values of both, each once.</summary>
    private static bool ReadHeaders(JsonElement root, List<KeyValuePair<string, string>> headers)
    {
        if (root.TryGetProperty("multiValueHeaders", out var multiple) && multiple.ValueKind != JsonValueKind.Null)
        {
            if (multiple.ValueKind != JsonValueKind.Object)
                return false;
            foreach (var header in multiple.EnumerateObject())
            {
                if (header.Value.ValueKind != JsonValueKind.Array)
                    return false;
                foreach (var value in header.Value.EnumerateArray())
                    headers.Add(new(header.Name, value.ToString()));
            }
        }

        if (root.TryGetProperty("headers", out var single) && single.ValueKind != JsonValueKind.Null)
        {
            if (single.ValueKind != JsonValueKind.Object)
                return false;
            foreach (var header in single.EnumerateObject())
            {
                if (header.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    return false;
                var pair = KeyValuePair.Create(header.Name, header.Value.ToString());
                if (!headers.Contains(pair))
                    headers.Add(pair);
            }
        }

        return true;
    }

    private static ReadOnlyMemory<byte>? ReadBody(JsonElement root)
    {
        if (!root.TryGetProperty("body", out var body) || body.ValueKind == JsonValueKind.Null)
            return ReadOnlyMemory<byte>.Empty;
        if (body.ValueKind != JsonValueKind.String)
            return null;
        if (!root.TryGetProperty("isBase64Encoded", out var encoded) || encoded.ValueKind != JsonValueKind.True)
            return Encoding.UTF8.GetBytes(body.GetString()!);
        return body.TryGetBytesFromBase64(out var bytes) ? bytes : null;
    }
}
