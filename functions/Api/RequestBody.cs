using System.IO.Compression;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>The bytes a client sent, bounded before and after decompression.</summary>
internal static class RequestBody
{
    private static readonly char[] EndOfMediaType = [';', ','];

    /// <summary>
    /// Reads a JSON body, plain or gzip, without the byte order mark it may begin with. Throws the 400, 413 or 415 problem.
    /// </summary>
    public static byte[] ReadJson(APIGatewayProxyRequest request)
    {
        var body = ReadBytes(request);
        return body is [0xef, 0xbb, 0xbf, ..] ? body[3..] : body;
    }

    private static byte[] ReadBytes(APIGatewayProxyRequest request)
    {
        RequireJson(request.Header("Content-Type"));
        if (string.IsNullOrEmpty(request.Body)) throw Problem.BadRequest.With("The body is empty; it is a JSON object.");
        var bytes = request.IsBase64Encoded ? Convert.FromBase64String(request.Body) : Encoding.UTF8.GetBytes(request.Body);
        return request.Header("Content-Encoding")?.Trim().ToLowerInvariant() switch
        {
            // API Gateway may have decompressed a body and left its header on: gzip is known by its first two bytes, which no JSON has.
            "gzip" or "x-gzip" when bytes is [0x1f, 0x8b, ..] => Decompress(bytes),
            null or "" or "identity" or "gzip" or "x-gzip" => bytes.Length <= Limits.BodyBytes ? bytes : throw TooLarge(),
            _ => throw Problem.UnsupportedMediaType.With("Content-Encoding is gzip, or there is none."),
        };
    }

    // Clients that send JSON say so in many ways, or not at all; only what plainly is something else is refused.
    private static void RequireJson(string? contentType)
    {
        var end = contentType?.IndexOfAny(EndOfMediaType) ?? -1;
        var type = (end < 0 ? contentType : contentType![..end])?.Trim().Trim('"').ToLowerInvariant();
        if (type is not null && type.Contains('/', StringComparison.Ordinal) && !type.EndsWith("/json", StringComparison.Ordinal)
            && !type.EndsWith("/x-json", StringComparison.Ordinal) && !type.EndsWith("+json", StringComparison.Ordinal) && type != "*/*")
            throw Problem.UnsupportedMediaType.With("Content-Type is application/json, or there is none.");
    }

    private static byte[] Decompress(byte[] compressed)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
            using var plain = new MemoryStream(compressed.Length * 4);
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = gzip.Read(buffer)) > 0)
            {
                if (plain.Length + read > Limits.BodyBytes) throw TooLarge();
                plain.Write(buffer, 0, read);
            }

            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            throw Problem.BadRequest.With("The body begins as gzip and does not go on as it.");
        }
    }

    private static ProblemException TooLarge() =>
        Problem.TooLarge.With($"A body holds at most {Limits.BodyBytes / 1024 / 1024} MB, decompressed.");
}
