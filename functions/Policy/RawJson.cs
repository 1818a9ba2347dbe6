using System.Text.Json;

namespace Collector.Policy;

/// <summary>How what clients send is read.</summary>
internal static class RawJson
{
    /// <summary>Deep nesting costs the reader a bit a level, and one deep event must not cost the others beside it their place.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = 100_000 };
}
