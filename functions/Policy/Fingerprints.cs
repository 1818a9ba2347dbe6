using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Collector.Policy;

/// <summary>
/// Keyed fingerprints, 32 hexadecimal digits: the version of the secret in two, then the first 120 bits of HMAC-SHA-256. Each purpose has
/// its own key, derived from the deployment's secret with HKDF-SHA-256 (RFC 5869): no fingerprint of one purpose can be matched with
/// another's, nor undone without the secret.
/// </summary>
/// <remarks>
/// While the secret is replaced (<c>infra/rotate.sh fingerprint-secret</c>) there are two: <c>2:new,1:old</c>. Everything is fingerprinted
/// with the new one; what was fingerprinted with the old one is found through <see cref="Previous"/>. A secret without a number is version
/// 1.
/// </remarks>
internal sealed class Fingerprints
{
    /// <summary>The least length of a secret, in characters: what is fingerprinted with less can be guessed.</summary>
    public const int LeastSecret = 32;

    private const int Length = 16;
    // Null in a function that does not get the secret.
    private readonly byte[]? secret;
    private readonly byte version;
    private byte[]? extracted;
    private byte[]? credentialKey;
    private byte[]? machineKey;
    private byte[]? erasedKey;

    /// <param name="secrets">One secret, or the new and the old one; see the remarks. Throws <see cref="InvalidDataException"/> for
    /// anything else.</param>
    public Fingerprints(string secrets)
        : this(Parse(secrets))
    {
    }

    private Fingerprints(ReadOnlySpan<(byte Version, string Secret)> versions)
    {
        if (versions.Length > 0)
        {
            (version, var text) = versions[0];
            secret = Encoding.UTF8.GetBytes(text);
        }

        if (versions.Length > 1) Previous = new Fingerprints(versions[1..]);
        Versions = Previous is null ? [this] : [this, Previous];
    }

    /// <summary>
    /// For functions that make no fingerprint and so do not get the secret. Making one throws <see cref="InvalidOperationException"/>.
    /// </summary>
    public static Fingerprints None { get; } = new(ReadOnlySpan<(byte Version, string Secret)>.Empty);

    /// <summary>Those under the secret that is being replaced; null when none is.</summary>
    public Fingerprints? Previous { get; }

    /// <summary>These, then the previous ones, if any.</summary>
    public IReadOnlyList<Fingerprints> Versions { get; }

    /// <summary>
    /// Fingerprints under a key that is made now and never stored, for values that a preview shows. With the deployment's own key, a person
    /// who has a copy of the tables could ask for a preview to find out which token or machine a fingerprint belongs to.
    /// </summary>
    public static Fingerprints Throwaway() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    public string Credential(string token) => Of(credentialKey ??= Key("credential"), Encoding.UTF8.GetBytes(token));

    public string Machine(string machineId) => Of(machineKey ??= Key("machine"), Encoding.UTF8.GetBytes(machineId));

    /// <summary>A machine among those of one day: two days' marks of it cannot be matched without the secret.</summary>
    public string MachineOfDay(string machine, string day) => Of(Key("machine of " + day), Encoding.UTF8.GetBytes(machine));

    /// <summary>
    /// The name under which a part of a request is logged, the same whenever the same bytes arrive. <paramref name="purpose"/> is the kind
    /// of the part: two kinds of one request have receipts that cannot be matched (I4).
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

    /// <summary>
    /// The name that a credential's tracking preference is kept under. It is no credential's fingerprint: erasing a credential leaves it.
    /// </summary>
    public string Preference(string credential) => Of("tracking preference", credential);

    /// <summary>
    /// What is left of a session that was erased: enough to know it again when it still sends, and nothing to find it by.
    /// </summary>
    public string ErasedSession(string sessionId) => Of(erasedKey ??= Key("erased session"), Encoding.UTF8.GetBytes(sessionId));

    /// <summary>
    /// The id of a credential's request to be forgotten, for one session or (null) for all: the same request has the same id.
    /// </summary>
    public string Erasure(string credential, string? sessionId) => Of("erasure", $"{credential}\n{sessionId}");

    /// <summary>Who asked for an erasure, once the credential's own fingerprint is gone.</summary>
    public string ErasureOwner(string credential) => Of("erasure owner", credential);

    private string Of(string purpose, string text) => Of(Key(purpose), Encoding.UTF8.GetBytes(text));

    /// <summary>The seal of a place in a list: only who knows the secret can make one, and it fits no other list.</summary>
    public string Cursor(string list, string place) => Of(Key("cursor"), Encoding.UTF8.GetBytes($"{list}\n{place}"));

    private string Of(byte[] key, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[1 + HMACSHA256.HashSizeInBytes];
        hash[0] = version;
        HMACSHA256.HashData(key, content, hash[1..]);
        return Convert.ToHexStringLower(hash[..Length]);
    }

    /// <summary>
    /// The length of the shortest of these secrets, in characters. Throws <see cref="InvalidDataException"/> for what is neither one secret
    /// nor a pair.
    /// </summary>
    public static int ShortestOf(string secrets) => Parse(secrets).Min(one => one.Secret.Length);

    /// <summary>The key, 32 bytes, that seals the checkpoints of a metric's counter items.</summary>
    public byte[] CheckpointKey(string metric) => Key("counter checkpoint of " + metric);

    private static (byte Version, string Secret)[] Parse(string secrets)
    {
        if (Version(secrets) is null) return [(1, secrets)];
        var versions = Array.ConvertAll(secrets.Split(','), one => Version(one) is { } version
            ? (version, one[(one.IndexOf(':', StringComparison.Ordinal) + 1)..]) : throw Refused());
        return versions.Length <= 2 && versions.Select(one => one.version).Distinct().Count() == versions.Length
            ? versions : throw Refused();
    }

    private static InvalidDataException Refused() =>
        new("FINGERPRINT_SECRET is one secret, or the new and the old one as 2:new,1:old; infra/rotate.sh writes it");

    // 2:secret
    private static byte? Version(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && byte.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
                ? version : null;

    // HKDF's two steps: the first one is the same for every purpose.
    private byte[] Key(string purpose) => HKDF.Expand(
        HashAlgorithmName.SHA256,
        extracted ??= HKDF.Extract(HashAlgorithmName.SHA256, secret ?? throw new InvalidOperationException(
            "This function has no fingerprint secret; template.yaml sets FINGERPRINT_SECRET where it is used.")),
        32,
        Encoding.UTF8.GetBytes(purpose));
}
