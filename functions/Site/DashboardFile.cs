namespace Collector.Site;

/// <summary>
/// One file of the page in one encoding. <paramref name="Tag"/> is its ETag in quotes. <paramref name="Body"/> has the format of API
/// Gateway: a text unchanged, anything else in base64.
/// </summary>
internal sealed record DashboardFile(string ContentType, string? Encoding, string Tag, string Body, bool IsBase64, bool IsHashed);
