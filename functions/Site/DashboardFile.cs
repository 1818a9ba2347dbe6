namespace Collector.Site;

/// <summary>
/// One file of the page in one encoding. <paramref name="Tag"/> is its ETag, quoted; <paramref name="Body"/> its bytes as API Gateway takes
/// them: a text as it is, anything else as base64.
/// </summary>
internal sealed record DashboardFile(string ContentType, string? Encoding, string Tag, string Body, bool IsBase64, bool IsHashed);
