namespace Collector.Site;

/// <summary>One file of the page in one encoding. <paramref name="Tag"/> is its ETag, quoted; <paramref name="Base64"/> its bytes as API Gateway takes them.</summary>
internal sealed record DashboardFile(string ContentType, string? Encoding, string Tag, string Base64, bool IsHashed);
