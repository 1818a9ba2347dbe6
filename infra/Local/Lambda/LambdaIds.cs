using System.Security.Cryptography;

namespace Collector.Local.Lambda;

/// <summary>Random ids in AWS's form.</summary>
internal static class LambdaIds
{
    public static string New() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    /// <summary>X-Ray's trace id: the time in hex, then 96 random bits.</summary>
    public static string Trace(DateTimeOffset now) =>
        $"Root=1-{now.ToUnixTimeSeconds():x8}-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
}
