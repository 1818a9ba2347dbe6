using System.Security.Cryptography;
using System.Text;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>
/// Each fingerprint from RFC 2104 and RFC 5869, with its purpose as HKDF's info. A purpose that changes would separate new data from stored
/// data: sessions would lose their owners, and deleted sessions would be taken again.
/// </summary>
public sealed class FingerprintPurposesTests
{
    private const string Secret = "a secret for tests, 32 characters long or more";
    private const string Text = "0123456789";
    private readonly Fingerprints fingerprints = new(Secret);

    [Fact]
    public void Stored_fingerprints_keep_their_purposes()
    {
        Assert.Equal(Hmac("credential", Text), fingerprints.Credential(Text));
        Assert.Equal(Hmac("machine", Text), fingerprints.Machine(Text));
        Assert.Equal(Hmac("machine of 2026-11-22", Text), fingerprints.MachineOfDay(Text, "2026-11-22"));
        Assert.Equal(Hmac("activation", Text), fingerprints.Activation(Text));
        Assert.Equal(Hmac("tracking preference", Text), fingerprints.Preference(Text));
        Assert.Equal(Hmac("erased session", Text), fingerprints.ErasedSession(Text));
        Assert.Equal(Hmac("erasure owner", Text), fingerprints.ErasureOwner(Text));
        Assert.Equal(Hmac("erasure", Text + "\n"), fingerprints.Erasure(Text, null));
        Assert.Equal(Hmac("erasure", Text + "\nsession"), fingerprints.Erasure(Text, "session"));
        Assert.Equal(Hmac("cursor", "stacks\nplace"), fingerprints.Cursor("stacks", "place"));
    }

    [Fact]
    public void A_receipt_is_of_the_requests_digest_and_the_number_of_the_part()
    {
        var digest = SHA256.HashData("a body"u8);
        Assert.Equal(Hmac("receipt of cli", [.. digest, 0, 0, 1, 2]), fingerprints.Receipt("cli", digest, 258));
    }

    [Fact]
    public void The_key_of_checkpoints_is_of_the_metric() =>
        Assert.Equal(Key("counter checkpoint of cli#2026-11-22"), fingerprints.CheckpointKey("cli#2026-11-22"));

    [Fact]
    public void The_shortest_of_two_secrets_is_the_one_that_matters()
    {
        Assert.Equal(3, Fingerprints.ShortestOf("2:longer,1:abc"));
        Assert.Equal(3, Fingerprints.ShortestOf("2:abc,1:longer"));
        Assert.Equal(6, Fingerprints.ShortestOf("longer"));
    }

    [Fact]
    public void A_function_without_the_secret_says_so()
    {
        var message = Assert.Throws<InvalidOperationException>(() => Fingerprints.None.Credential(Text)).Message;
        Assert.Contains("FINGERPRINT_SECRET", message, StringComparison.Ordinal);
        Assert.Contains("FINGERPRINT_SECRET", Assert.Throws<InvalidDataException>(() => new Fingerprints("2:new,old")).Message,
            StringComparison.Ordinal);
    }

    private static byte[] Key(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Secret), 32, info: Encoding.UTF8.GetBytes(purpose));

    private static string Hmac(string purpose, string text) => Hmac(purpose, Encoding.UTF8.GetBytes(text));

    private static string Hmac(string purpose, byte[] content) =>
        "01" + Convert.ToHexStringLower(HMACSHA256.HashData(Key(purpose), content))[..30];
}
