using System.Text.Json;

namespace Collector.Policy;

/// <summary>How what clients send is read.</summary>
internal static class RawJson
{
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = Limits.JsonDepth };
}
