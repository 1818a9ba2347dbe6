using System.Security.Cryptography;
using System.Text;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

public class FingerprintsTests
{
    private const string Secret = "a secret for tests, 32 characters long or more";
    private const string Text = "0123456789";

    /// <summary>Follows RFC 5869 and RFC 2104, with the purpose as HKDF's info: values stored today must be found later.</summary>
    [Fact]
    public void A_fingerprint_is_an_hmac_under_the_key_of_its_purpose()
    {
        var fingerprints = new Fingerprints(Secret);
        Assert.Equal(Hmac("credential"), fingerprints.Credential(Text));
        Assert.Equal(Hmac("machine"), fingerprints.Machine(Text));
        Assert.Equal(Hmac("activation"), fingerprints.Activation(Text));
    }

    [Fact]
    public void Different_purposes_or_secrets_give_different_fingerprints()
    {
        var all = new[] { new Fingerprints(Secret), new Fingerprints(Secret + ".") }.SelectMany(fingerprints => new[]
        {
            fingerprints.Credential(Text), fingerprints.Machine(Text), fingerprints.Activation(Text), fingerprints.Preference(Text),
            fingerprints.ErasedSession(Text),
            fingerprints.ErasureOwner(Text), fingerprints.Erasure(Text, null), fingerprints.MachineOfDay(Text, "2026-11-22"),
            fingerprints.MachineOfDay(Text, "2026-11-23"),
            fingerprints.Receipt("cli", new byte[32], 0), fingerprints.Receipt("counts", new byte[32], 0),
            fingerprints.Receipt("cli", new byte[32], 1),
        }).ToList();
        Assert.All(all, fingerprint => Assert.Matches("^[0-9a-f]{32}$", fingerprint));
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public void A_fingerprint_begins_with_the_version_of_its_secret()
    {
        var old = new Fingerprints(Secret);
        var replaced = new Fingerprints(
            $"2:another secret of thirty-two characters,1:{Secret}".Replace("tests, 32", "tests 32", StringComparison.Ordinal));
        Assert.Equal(("01", "02"), (old.Credential(Text)[..2], replaced.Credential(Text)[..2]));
        Assert.Equal([replaced, replaced.Previous!], replaced.Versions);
        Assert.Equal([old], old.Versions);
        // The old secret gives the same fingerprints with and without its version.
        Assert.Equal(new Fingerprints("1:0123456789").Credential(Text), new Fingerprints("0123456789").Credential(Text));
        Assert.Equal(new Fingerprints("0123456789").Credential(Text),
            new Fingerprints("2:another,1:0123456789").Previous!.Credential(Text));
        Assert.Equal(new Fingerprints("2:another").Credential(Text), new Fingerprints("2:another,1:0123456789").Credential(Text));
    }

    [Theory]
    [InlineData("2:new,old")]
    [InlineData("2:new,2:old")]
    [InlineData("3:new,2:old,1:older")]
    public void An_invalid_pair_of_secrets_is_refused(string secrets) =>
        Assert.Throws<InvalidDataException>(() => new Fingerprints(secrets));

    private static string Hmac(string purpose) => "01" + Convert.ToHexStringLower(HMACSHA256.HashData(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Secret), 32, info: Encoding.UTF8.GetBytes(purpose)),
        Encoding.UTF8.GetBytes(Text)))[..30];
}
