using System.Security.Cryptography;
using System.Text;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Counting;

/// <summary>
/// Encrypts checkpoints, so that anyone who has the tables can neither read a checkpoint nor see which of two is later or whether they
/// are equal. A plain sequence number would reveal this: the counter of a rare command would carry the same number as the session whose
/// calls were counted in the same batch (I4).
/// </summary>
/// <remarks>
/// AES-256-GCM with a random nonce. HKDF-SHA-256 derives a key from the deployment's secret for each partition of the table (a metric's
/// day, a session), because random nonces of 96 bits may be used for at most 2^32 messages under one key (NIST SP 800-38D, 8.3). The item's
/// key and the attribute are authenticated. Layout: nonce (12 bytes), content (41), tag (16). While the secret is being replaced,
/// checkpoints sealed with the old secret can still be opened.
/// </remarks>
internal sealed class CheckpointSeal(Fingerprints fingerprints)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int ContentSize = StreamPosition.Digits + 1;
    private const int Size = NonceSize + ContentSize + TagSize;

    public CheckpointValue Seal(Checkpoint checkpoint, CounterKey key, StreamShard shard)
    {
        Span<byte> content = stackalloc byte[ContentSize];
        Encoding.ASCII.GetBytes(checkpoint.Position.Padded, content);
        content[^1] = checkpoint.IsClosed ? (byte)1 : (byte)0;
        var value = new byte[Size];
        var nonce = value.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher(fingerprints, key);
        aes.Encrypt(nonce, content, value.AsSpan(NonceSize, ContentSize), value.AsSpan(NonceSize + ContentSize), Place(key, shard));
        return CheckpointValue.Of(value);
    }

    /// <summary>
    /// The checkpoint; null when the value was sealed with a secret that is neither the current nor the previous one, was sealed for
    /// another item, or is not a checkpoint.
    /// </summary>
    public Checkpoint? Open(CheckpointValue value, CounterKey key, StreamShard shard)
    {
        var bytes = value.Bytes.AsSpan();
        if (bytes.Length != Size) return null;
        foreach (var version in fingerprints.Versions)
        {
            if (Open(bytes, version, key, shard) is { } checkpoint) return checkpoint;
        }

        return null;
    }

    private static Checkpoint? Open(ReadOnlySpan<byte> bytes, Fingerprints version, CounterKey key, StreamShard shard)
    {
        Span<byte> content = stackalloc byte[ContentSize];
        using var aes = Cipher(version, key);
        try
        {
            aes.Decrypt(bytes[..NonceSize], bytes.Slice(NonceSize, ContentSize), bytes[(NonceSize + ContentSize)..], content,
                Place(key, shard));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return new Checkpoint(new StreamPosition(Encoding.ASCII.GetString(content[..StreamPosition.Digits])), content[^1] == 1);
    }

    private static AesGcm Cipher(Fingerprints version, CounterKey key) => new(version.CheckpointKey(key.Metric), TagSize);

    private static byte[] Place(CounterKey key, StreamShard shard) =>
        Encoding.UTF8.GetBytes($"{key.Metric}\n{key.Group}\n{shard.CheckpointAttribute}");
}
