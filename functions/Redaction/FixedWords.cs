namespace Collector.Redaction;

/// <summary>
/// The closed list of words that may directly follow a hole. It contains no nouns, because a noun after a name may be the name's second
/// word.
/// </summary>
internal static class FixedWords
{
    // Function words. "will" is missing because it is also a first name.
    private const string Functions =
        "a already an and any are as at be because been being by can can't cannot could did do does doesn't don't for from had has have if in into is "
        + "it its may must no not of on only or should than that the these this those to was were when which while with within would";

    private const string Followers =
        "after aren't arn arns associated before but bytes characters contain contains errors exist exists expected failed format found given "
        + "header headers hours id ids instead isn't match matches minutes operation operations parameter parameters please provided requested "
        + "require requires returned running seconds see since specified specify still under until used using validation version versions wasn't weren't yet";

    // The number of slots in the table, a power of two: four for each word, so that the lookup of most other words finds a free slot.
    private const int Slots = 512;

    private static readonly (ulong Hash, TokenKind Kind)[] Table = Fill();

    /// <summary>The kind of a word with this <see cref="TokenHash"/>.</summary>
    public static TokenKind Kind(ulong hash)
    {
        var table = Table;
        for (var slot = Slot(hash); ; slot = (slot + 1) & (Slots - 1))
        {
            if (table[slot].Kind == default)
                return TokenKind.Word;
            if (table[slot].Hash == hash)
                return table[slot].Kind;
        }
    }

    private static int Slot(ulong hash) => (int)(hash ^ (hash >> 32)) & (Slots - 1);

    private static (ulong Hash, TokenKind Kind)[] Fill()
    {
        var table = new (ulong Hash, TokenKind Kind)[Slots];
        Add(Functions, TokenKind.Function);
        Add(Followers, TokenKind.Follower);
        return table;

        void Add(string words, TokenKind kind)
        {
            foreach (var range in words.AsSpan().Split(' '))
            {
                var hash = TokenHash.Of(words.AsSpan()[range]);
                var slot = Slot(hash);
                while (table[slot].Kind != default)
                    slot = (slot + 1) & (Slots - 1);
                table[slot] = (hash, kind);
            }
        }
    }
}
