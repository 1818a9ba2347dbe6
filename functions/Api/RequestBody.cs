using System.IO.Compression;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Api;

/// <summary>Reads the bytes of a request's body and limits their number before and after decompression.</summary>
internal static class RequestBody
{
    private static readonly char[] EndOfMediaType = [';', ','];

    /// <summary>
    /// Reads a JSON body, plain or compressed with gzip, and removes a byte order mark at its beginning. Throws the 400, 413 or 415
    /// problem.
    /// </summary>
    public static byte[] ReadJson(APIGatewayProxyRequest request)
    {
        var body = ReadBytes(request);
        return body is [0xef, 0xbb, 0xbf, ..] ? body[3..] : body;
    }

    private static byte[] ReadBytes(APIGatewayProxyRequest request)
    {
        RequireJson(request.Header("Content-Type"));
        if (string.IsNullOrEmpty(request.Body)) throw Problem.BadRequest.With("The body is empty. Send a JSON object.");
        var bytes = request.IsBase64Encoded ? Convert.FromBase64String(request.Body) : Encoding.UTF8.GetBytes(request.Body);
        return request.Header("Content-Encoding")?.Trim().ToLowerInvariant() switch
        {
            // API Gateway may have decompressed the body and left the header. The first two bytes identify gzip; no JSON begins with them.
            "gzip" or "x-gzip" when bytes is [0x1f, 0x8b, ..] => Decompress(bytes),
            null or "" or "identity" or "gzip" or "x-gzip" => bytes.Length <= Limits.BodyBytes ? bytes : throw TooLarge(),
            _ => throw Problem.UnsupportedMediaType.With("Content-Encoding must be gzip or absent."),
        };
    }

    // Clients declare JSON in many ways or not at all, so only types that are clearly different are refused.
    private static void RequireJson(string? contentType)
    {
        var end = contentType?.IndexOfAny(EndOfMediaType) ?? -1;
        var type = (end < 0 ? contentType : contentType![..end])?.Trim().Trim('"').ToLowerInvariant();
        if (type is not null && type.Contains('/', StringComparison.Ordinal) && !type.EndsWith("/json", StringComparison.Ordinal)
            && !type.EndsWith("/x-json", StringComparison.Ordinal) && !type.EndsWith("+json", StringComparison.Ordinal) && type != "*/*")
            throw Problem.UnsupportedMediaType.With("Content-Type must be application/json or absent.");
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
            throw Problem.BadRequest.With("The gzip body is truncated or damaged.");
        }
    }

    private static ProblemException TooLarge() =>
        Problem.TooLarge.With($"The body must not be larger than {Limits.BodyBytes / 1024 / 1024} MB after decompression.");
}
