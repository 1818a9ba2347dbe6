using System.Text;

namespace Collector.Redaction;

/// <summary>
/// botocore's services and operations (<c>catalog/aws-operations.tsv</c>: lines <c>service TAB operation</c>, 424 services, 18,378
/// operations). Other names are counted as <see cref="Other"/>, so a client cannot add names of its own to a counter.
/// </summary>
internal static class AwsCatalog
{
    /// <summary>The name under which an unknown service or operation is counted.</summary>
    public const string Other = "other";

    // The longest service has 42 characters, the longest operation 66 (a test checks both).
    private const int MaxName = 96;
    private const int MaxKey = (2 * MaxName) + 1;

    private static readonly SortedLines Lines = SortedLines.Embedded("aws-operations.tsv");

    // Only the services (cut -f1 aws-operations.tsv | uniq). Collecting them from the other list would read all of its 590 KB.
    private static readonly SortedLines Services = SortedLines.Embedded("aws-services.txt");

    // Recently found names, by hash: a batch repeats the same few services and operations. Two names that share a slot overwrite each
    // other. A reference is written in one step, so no lock is needed.
    private const int KnownBits = 10;
    private static readonly string?[] KnownServices = new string?[1 << KnownBits];
    private static readonly Call?[] KnownCalls = new Call?[1 << KnownBits];

    /// <summary>Whether the service has this operation; both exactly as botocore spells them.</summary>
    public static bool Contains(ReadOnlySpan<char> service, ReadOnlySpan<char> operation) => Offset(service, operation) >= 0;

    /// <summary>Whether botocore has a service of this name (<c>s3</c>, <c>cognito-idp</c>).</summary>
    public static bool IsService(ReadOnlySpan<char> service) => Services.Contains(service);

    /// <summary>The service's name, usually as the same string instance each time; null when there is no such service.</summary>
    public static string? Service(ReadOnlySpan<char> service)
    {
        Span<byte> key = stackalloc byte[MaxName];
        return SortedLines.Key(service, key, out var size) ? Service(key[..size]) : null;
    }

    /// <summary>The same as <see cref="Service(ReadOnlySpan{char})"/> for a name in UTF-8.</summary>
    public static string? Service(ReadOnlySpan<byte> service)
    {
        if (service.Length > MaxName)
            return null;
        ref var slot = ref KnownServices[WordHash.Of(service, KnownBits)];
        if (slot is { } seen && Ascii.Equals(service, seen))
            return seen;
        var name = Encoding.UTF8.GetString(service);
        return IsService(name) ? slot = name : null;
    }

    /// <summary>The operation's name, usually as the same string instance each time; null when the service has no such operation.</summary>
    public static string? Operation(string service, ReadOnlySpan<char> operation)
    {
        Span<byte> key = stackalloc byte[MaxName];
        return SortedLines.Key(operation, key, out var size) ? Operation(service, key[..size]) : null;
    }

    /// <summary>The same as <see cref="Operation(string, ReadOnlySpan{char})"/> for a name in UTF-8.</summary>
    public static string? Operation(string service, ReadOnlySpan<byte> operation)
    {
        if (operation.Length > MaxName)
            return null;
        ref var slot = ref KnownCalls[WordHash.Of(
            operation, KnownBits) ^ (service.GetHashCode(StringComparison.Ordinal) & ((1 << KnownBits) - 1))];
        if (slot is { } seen && service == seen.Service && Ascii.Equals(operation, seen.Operation))
            return seen.Operation;
        var name = Encoding.UTF8.GetString(operation);
        if (!Contains(service, name))
            return null;
        slot = new Call(service, name);
        return name;
    }

    /// <summary>Whether any service has an operation of this name. This searches the whole catalog and is meant for rare use.</summary>
    public static bool IsOperationName(ReadOnlySpan<char> word)
    {
        Span<byte> line = stackalloc byte[MaxName + 2];
        line[0] = (byte)'\t';
        if (!SortedLines.Key(word, line.Slice(1, MaxName), out var size)) return false;
        line[size + 1] = (byte)'\n';
        return Lines.Bytes.IndexOf(line[..(size + 2)]) >= 0;
    }

    /// <summary>
    /// The operation of an AWS CLI command (<c>describe-vpcs</c>), spelled as a command; null when the service has no such operation.
    /// Hyphens are not compared, so the spelling of the result depends only on the catalog.
    /// </summary>
    public static string? CommandOf(string service, ReadOnlySpan<char> command)
    {
        Span<byte> key = stackalloc byte[MaxName];
        if (command.Length > MaxName || !SortedLines.Key(service, key[..(MaxName - 1)], out var size))
            return null;
        key[size++] = (byte)'\t';
        for (var rest = Lines.Bytes[Lines.Find(key[..size])..]; rest.StartsWith(key[..size]);)
        {
            var end = rest.IndexOf((byte)'\n');
            var operation = rest[size..end];
            if (IsCommand(operation, command))
                return AwsCliName.Of(Encoding.ASCII.GetString(operation));
            rest = rest[(end + 1)..];
        }

        return null;
    }

    private static bool IsCommand(ReadOnlySpan<byte> operation, ReadOnlySpan<char> command)
    {
        var at = 0;
        foreach (var c in command)
        {
            if (c == '-')
                continue;
            if (at == operation.Length || char.ToLowerInvariant((char)operation[at]) != c)
                return false;
            at++;
        }

        return at == operation.Length;
    }

    private sealed record Call(string Service, string Operation);

    private static int Offset(ReadOnlySpan<char> service, ReadOnlySpan<char> operation)
    {
        Span<byte> key = stackalloc byte[MaxKey];
        if (!SortedLines.Key(service, key[..(MaxName - 1)], out var size))
            return -1;
        key[size] = (byte)'\t';
        if (!SortedLines.Key(operation, key.Slice(size + 1, MaxName), out var rest))
            return -1;
        key = key[..(size + 1 + rest)];
        var offset = Lines.Find(key);
        return Lines.IsAt(offset, key) ? offset : -1;
    }
}
