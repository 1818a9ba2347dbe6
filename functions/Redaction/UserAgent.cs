using System.Runtime.CompilerServices;
using System.Text;

namespace Collector.Redaction;

/// <summary>
/// Reduces a user agent to the tools that made the call (<c>aws-cli/1.25.52</c>, <c>lang/python#3.11.6</c>) and the operating system, as
/// the documentation says ("aws-cli, terraform"). Kernel versions, application ids, comments and unknown tokens are removed.
/// </summary>
internal static class UserAgent
{
    // The number of characters that are read. A user agent names its tools at its beginning.
    private const int MaxInput = 2048;

    // Names of products before "/version" or, with a category (lang/python), before "#version"; and whole tokens (md/arch#x86_64).
    private static readonly HashedLines Products = new(SortedLines.Embedded("user-agent-products.txt"));

    /// <summary>
    /// The known tokens with one space between them: as many as fit into <paramref name="maxLength"/> characters; empty when there are
    /// none. Applied to its own result, this changes nothing.
    /// </summary>
    [SkipLocalsInit]
    public static string Clean(ReadOnlySpan<char> userAgent, int maxLength)
    {
        // The cut may have shortened the last token, and a shortened version is another version.
        if (userAgent.Length > MaxInput)
            userAgent = userAgent[..(userAgent[..MaxInput].LastIndexOf(' ') + 1)];
        Span<char> result = stackalloc char[Math.Min(maxLength, MaxInput)];
        var length = 0;
        foreach (var range in userAgent.Split(' '))
        {
            var room = length == 0 ? result : result[Math.Min(length + 1, result.Length)..];
            var token = userAgent[range];
            var written = Token(IsBare(token) ? token : token.Trim("()[];,"), room);
            if (written == 0)
                continue;
            if (length > 0)
                result[length++] = ' ';
            length += written;
        }

        return result[..length].ToString();
    }

    // Whether there is nothing to trim, as in nearly every token.
    private static bool IsBare(ReadOnlySpan<char> token) =>
        token is [var first, .., var last] && char.IsAsciiLetter(first) && char.IsAsciiLetterOrDigit(last);

    // Writes the part of a token that may be kept, or nothing if it does not fit. Returns the number of characters written.
    private static int Token(ReadOnlySpan<char> token, Span<char> room)
    {
        var hash = token.LastIndexOf('#');
        var slash = token.IndexOf('/');
        var product = slash < 0 ? token : token[..slash];
        // The most frequent case comes first. No product has the name of a system, and no whole token begins with a product (a test checks
        // both).
        if (hash <= 0 && slash > 0 && Products.Contains(product))
            return Versioned(product, '/', token[(slash + 1)..], room);
        if (Products.Contains(token))
            return slash >= 0 ? Write(token, room) : 0;
        if (hash > 0)
        {
            var name = token[..hash];
            // The version of an operating system is that of its kernel, so it is not kept.
            if (name.StartsWith("os/"))
                return Products.Contains(name) ? Write(name, room) : 0;
            return IsCategorised(name) ? Versioned(name, '#', token[(hash + 1)..], room) : 0;
        }

        var system = System(product);
        return system.Length <= room.Length ? Encoding.ASCII.GetChars(system, room) : 0;
    }

    private static bool IsCategorised(ReadOnlySpan<char> name) =>
        name.StartsWith("api/") ? AwsCatalog.IsService(name[4..]) : name.Contains('/') && Products.Contains(name);

    // Only as a whole token: "Linux", "Darwin", "Windows".
    private static ReadOnlySpan<byte> System(ReadOnlySpan<char> product)
    {
        var name = SystemName.Find(product);
        return name.Length == product.Length ? name : [];
    }

    private static int Versioned(ReadOnlySpan<char> name, char separator, ReadOnlySpan<char> version, Span<char> room)
    {
        version = version[..ToolVersion.Length(version)];
        if (version.IsEmpty || name.Length + 1 + version.Length > room.Length)
            return 0;
        name.CopyTo(room);
        room[name.Length] = separator;
        version.CopyTo(room[(name.Length + 1)..]);
        return name.Length + 1 + version.Length;
    }

    private static int Write(ReadOnlySpan<char> token, Span<char> room)
    {
        if (!token.TryCopyTo(room))
            return 0;
        return token.Length;
    }
}
