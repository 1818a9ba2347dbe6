using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Collector.Policy;

/// <summary>
/// Keyed fingerprints of 32 hexadecimal digits: two for the version of the secret, the others for the first 120 bits of an HMAC-SHA-256.
/// Each purpose has its own key, derived from the deployment's secret with HKDF-SHA-256 (RFC 5869). Without the secret, fingerprints of
/// different purposes cannot be matched and none can be reversed.
/// </summary>
/// <remarks>
/// During a rotation (<c>infra/rotate.sh fingerprint-secret</c>) there are two secrets: <c>2:new,1:old</c>. New fingerprints use the new
/// one; data with fingerprints of the old one is found through <see cref="Previous"/>. A secret without a number is version 1.
/// </remarks>
internal sealed class Fingerprints
{
    /// <summary>The minimum length of a secret, in characters. With a shorter one, fingerprinted values could be guessed.</summary>
    public const int LeastSecret = 32;

    private const int Length = 16;
    // Null in a function that does not get the secret.
    private readonly byte[]? secret;
    private readonly byte version;
    private byte[]? extracted;
    private byte[]? credentialKey;
    private byte[]? machineKey;
    private byte[]? erasedKey;

    /// <param name="secrets">
    /// One secret, or the new and the old one; see the remarks. Throws <see cref="InvalidDataException"/> for anything else.
    /// </param>
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
    /// For functions that create no fingerprints and therefore do not get the secret. Creating one throws
    /// <see cref="InvalidOperationException"/>.
    /// </summary>
    public static Fingerprints None { get; } = new(ReadOnlySpan<(byte Version, string Secret)>.Empty);

    /// <summary>The fingerprints under the old secret during a rotation; otherwise null.</summary>
    public Fingerprints? Previous { get; }

    /// <summary>These fingerprints, then the previous ones, if there are any.</summary>
    public IReadOnlyList<Fingerprints> Versions { get; }

    /// <summary>
    /// Fingerprints under a new random key that is never stored, for values in a preview. With the deployment's own key, a person who has a
    /// copy of the tables could use a preview to find the token or machine of a fingerprint.
    /// </summary>
    public static Fingerprints Throwaway() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    public string Credential(string token) => Of(credentialKey ??= Key("credential"), Encoding.UTF8.GetBytes(token));

    public string Machine(string machineId) => Of(machineKey ??= Key("machine"), Encoding.UTF8.GetBytes(machineId));

    /// <summary>The fingerprint of a machine for one day. Those of two days cannot be matched without the secret.</summary>
    public string MachineOfDay(string machine, string day) => Of(Key("machine of " + day), Encoding.UTF8.GetBytes(machine));

    /// <summary>
    /// The key under which a part of a request is logged. The same bytes always have the same receipt. <paramref name="purpose"/> is the
    /// kind of the part; the receipts of two kinds of one request cannot be matched (I4).
    /// </summary>
    public string Receipt(string purpose, ReadOnlySpan<byte> bodyDigest, int part)
    {
        Span<byte> input = stackalloc byte[SHA256.HashSizeInBytes + sizeof(int)];
        bodyDigest.CopyTo(input);
        BinaryPrimitives.WriteInt32BigEndian(input[SHA256.HashSizeInBytes..], part);
        return Of(Key("receipt of " + purpose), input);
    }

    /// <summary>The fingerprint of an activation's id, which the licensing backend assigned.</summary>
    public string Activation(string activationId) => Of("activation", activationId);

    /// <summary>
    /// The key under which a credential's tracking preference is stored. It differs from the credential's fingerprint, so that the deletion
    /// of a credential's data does not delete it.
    /// </summary>
    public string Preference(string credential) => Of("tracking preference", credential);

    /// <summary>
    /// The fingerprint that is kept of a deleted session. It recognises the session if it still sends, but does not reveal its id.
    /// </summary>
    public string ErasedSession(string sessionId) => Of(erasedKey ??= Key("erased session"), Encoding.UTF8.GetBytes(sessionId));

    /// <summary>
    /// The id of a credential's deletion request, for one session or, if null, for all. The same request always has the same id.
    /// </summary>
    public string Erasure(string credential, string? sessionId) => Of("erasure", $"{credential}\n{sessionId}");

    /// <summary>Identifies the owner of a deletion request after the credential's own fingerprint has been deleted.</summary>
    public string ErasureOwner(string credential) => Of("erasure owner", credential);

    private string Of(string purpose, string text) => Of(Key(purpose), Encoding.UTF8.GetBytes(text));

    /// <summary>The seal of a place in a list. It can only be created with the secret and is not valid for another list.</summary>
    public string Cursor(string list, string place) => Of(Key("cursor"), Encoding.UTF8.GetBytes($"{list}\n{place}"));

    private string Of(byte[] key, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[1 + HMACSHA256.HashSizeInBytes];
        hash[0] = version;
        HMACSHA256.HashData(key, content, hash[1..]);
        return Convert.ToHexStringLower(hash[..Length]);
    }

    /// <summary>
    /// The length of the shortest of these secrets, in characters. Throws <see cref="InvalidDataException"/> for a text that is neither one
    /// secret nor a pair.
    /// </summary>
    public static int ShortestOf(string secrets) => Parse(secrets).Min(one => one.Secret.Length);

    /// <summary>The key of 32 bytes that seals the checkpoints of a metric's counter items.</summary>
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
        new("FINGERPRINT_SECRET must be one secret, or the new and the old secret as 2:new,1:old; infra/rotate.sh writes it");

    // 2:secret
    private static byte? Version(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && byte.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
                ? version : null;

    // HKDF has two steps; the first one is the same for every purpose.
    private byte[] Key(string purpose) => HKDF.Expand(
        HashAlgorithmName.SHA256,
        extracted ??= HKDF.Extract(HashAlgorithmName.SHA256, secret ?? throw new InvalidOperationException(
            "This function has no fingerprint secret; template.yaml sets FINGERPRINT_SECRET for the functions that use it.")),
        32,
        Encoding.UTF8.GetBytes(purpose));
}
