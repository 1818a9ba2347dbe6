namespace Collector.Redaction;

/// <summary>
/// The closed list of words that may follow a hole directly. Nouns are not among them: after a name they may be its second word.
/// </summary>
internal static class FixedWords
{
    // Words of grammar. "will" is missing: it is a first name too.
    private const string Functions =
        "a already an and any are as at be because been being by can can't cannot could did do does doesn't don't for from had has have if in into is "
        + "it its may must no not of on only or should than that the these this those to was were when which while with within would";

    private const string Followers =
        "after aren't arn arns associated before but bytes characters contain contains errors exist exists expected failed format found given "
        + "header headers hours id ids instead isn't match matches minutes operation operations parameter parameters please provided requested "
        + "require requires returned running seconds see since specified specify still under until used using validation version versions wasn't weren't yet";

    private static readonly (ulong[] Hashes, TokenKind[] Kinds) All = Read();

    /// <summary>The kind of a word with this <see cref="TokenHash"/>.</summary>
    public static TokenKind Kind(ulong hash)
    {
        var at = All.Hashes.AsSpan().BinarySearch(hash);
        return at < 0 ? TokenKind.Word : All.Kinds[at];
    }

    private static (ulong[] Hashes, TokenKind[] Kinds) Read()
    {
        var functions = Functions.Split(' ');
        var followers = Followers.Split(' ');
        var hashes = new ulong[functions.Length + followers.Length];
        var kinds = new TokenKind[hashes.Length];
        for (var i = 0; i < hashes.Length; i++)
        {
            var isFunction = i < functions.Length;
            hashes[i] = TokenHash.Of(isFunction ? functions[i] : followers[i - functions.Length]);
            kinds[i] = isFunction ? TokenKind.Function : TokenKind.Follower;
        }

        Array.Sort(hashes, kinds);
        return (hashes, kinds);
    }
}
