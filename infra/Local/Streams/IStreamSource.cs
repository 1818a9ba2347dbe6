namespace Collector.Local.Streams;

/// <summary>A table's stream.</summary>
internal interface IStreamSource
{
    /// <summary>The stream's ARN, known after the first call of <see cref="Shards"/>.</summary>
    string Arn { get; }

    Task<IReadOnlyList<Shard>> Shards(CancellationToken cancellation);

    /// <param name="after">The sequence number after which to start; null starts at the oldest record that is kept.</param>
    Task<string> Iterator(string shardId, string? after, CancellationToken cancellation);

    /// <exception cref="ExpiredIteratorException">The iterator is too old: ask for a new one.</exception>
    Task<RecordPage> Read(string iterator, CancellationToken cancellation);
}
