using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Collector.Policy;

/// <summary>
/// Keyed fingerprints (HMAC-SHA-256, the first 128 bits, as 32 hexadecimal digits). Each purpose has its own key, derived from the deployment's
/// secret with HKDF-SHA-256 (RFC 5869): no fingerprint of one purpose can be matched with another's, nor undone without the secret.
/// </summary>
/// <param name="secret">The deployment's secret; null in a function that does not get it.</param>
internal sealed class Fingerprints(string? secret)
{
    private const int Length = 16;
    private readonly byte[]? secret = secret is null ? null : Encoding.UTF8.GetBytes(secret);
    private byte[]? credentialKey;
    private byte[]? machineKey;
    private byte[]? erasedKey;

    /// <summary>For functions that make no fingerprint and so do not get the secret. Making one throws <see cref="InvalidOperationException"/>.</summary>
    public static Fingerprints None { get; } = new(null);

    /// <summary>
    /// Fingerprints under a key that is made now and never stored, for values that are shown: with the deployment's own key, whoever has a copy of the
    /// tables could find out which token or machine id a fingerprint belongs to by asking.
    /// </summary>
    public static Fingerprints Throwaway() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    public string Credential(string token) => Of(credentialKey ??= Key("credential"), Encoding.UTF8.GetBytes(token));

    public string Machine(string machineId) => Of(machineKey ??= Key("machine"), Encoding.UTF8.GetBytes(machineId));

    /// <summary>A machine among those of one day: two days' marks of it cannot be matched without the secret.</summary>
    public string MachineOfDay(string machine, string day) => Of(Key("machine of " + day), Encoding.UTF8.GetBytes(machine));

    /// <summary>
    /// The name under which a part of a request is logged, the same whenever the same bytes arrive. <paramref name="purpose"/> is the kind of the part:
    /// two kinds of one request have receipts that cannot be matched (I4).
    /// </summary>
    public string Receipt(string purpose, ReadOnlySpan<byte> bodyDigest, int part)
    {
        Span<byte> input = stackalloc byte[SHA256.HashSizeInBytes + sizeof(int)];
        bodyDigest.CopyTo(input);
        BinaryPrimitives.WriteInt32BigEndian(input[SHA256.HashSizeInBytes..], part);
        return Of(Key("receipt of " + purpose), input);
    }

    /// <summary>An activation by the id that the licensing backend gave it.</summary>
    public string Activation(string activationId) => Of("activation", activationId);

    /// <summary>The name that a credential's tracking preference is kept under. It is no credential's fingerprint: erasing a credential leaves it.</summary>
    public string Preference(string credential) => Of("tracking preference", credential);

    /// <summary>What is left of a session that was erased: enough to know it again when it still sends, and nothing to find it by.</summary>
    public string ErasedSession(string sessionId) => Of(erasedKey ??= Key("erased session"), Encoding.UTF8.GetBytes(sessionId));

    /// <summary>The id of a credential's request to be forgotten, for one session or (null) for all: the same request has the same id.</summary>
    public string Erasure(string credential, string? sessionId) => Of("erasure", $"{credential}\n{sessionId}");

    /// <summary>Who asked for an erasure, once the credential's own fingerprint is gone.</summary>
    public string ErasureOwner(string credential) => Of("erasure owner", credential);

    private string Of(string purpose, string text) => Of(Key(purpose), Encoding.UTF8.GetBytes(text));

    /// <summary>The seal of a place in a list: only who knows the secret can make one, and it fits no other list.</summary>
    public string Cursor(string list, string place) => Of(Key("cursor"), Encoding.UTF8.GetBytes($"{list}\n{place}"));

    private static string Of(byte[] key, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, content, hash);
        return Convert.ToHexStringLower(hash[..Length]);
    }

    private byte[] Key(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        secret ?? throw new InvalidOperationException("This function has no fingerprint secret; template.yaml sets FINGERPRINT_SECRET where it is used."),
        32,
        info: Encoding.UTF8.GetBytes(purpose));
}
