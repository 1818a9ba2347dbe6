namespace Collector.Redaction;

/// <summary>Whether a run of three tokens is known.</summary>
internal enum RunState : byte
{
    /// <summary>It has not been looked up since one of its tokens changed.</summary>
    Open,
    Unknown,
    Known,
}
