namespace Collector.Policy.Text;

/// <summary>
/// The words of AWS's own error messages: <c>catalog/error-vocabulary.txt</c>, <c>error-words.txt</c> (what that list lacks: "wsdl",
/// "non-existent"), Python's error names (<c>exception-types.txt</c>) and what a word says about its neighbours
/// (<c>word-roles.tsv</c>). A hash table, built when the first text is redacted (a fraction of a millisecond, 130 KB): a message has
/// dozens of words, and few requests have a message.
/// </summary>
internal sealed class ErrorVocabulary
{
    /// <summary>Longest word, in characters; what is longer is no word, whatever it is made of.</summary>
    public const int MaxWord = 48;

    // A power of two, under two thirds full.
    private const int SlotBits = 13;

    // Two threads may both build it; either's is good.
    private static ErrorVocabulary? instance;

    private readonly Slot[] slots = new Slot[1 << SlotBits];
    private readonly byte[] text = new byte[64 * 1024];
    private int used;

    private ErrorVocabulary()
    {
        foreach (var line in new Lines("error-vocabulary.txt"))
            Add(line, Spelling.None, WordRole.None);
        foreach (var line in new Lines("error-words.txt"))
            Add(line, Spelling.None, WordRole.None);
        foreach (var line in new Lines("exception-types.txt"))
            Add(line, Spelling.ErrorType, WordRole.None);
        foreach (var line in new Lines("word-roles.tsv"))
        {
            var tab = line.IndexOf((byte)'\t');
            Add(line[..tab], Spelling.Listed, Roles(line[(tab + 1)..]));
        }
    }

    // How a word is spelled, and in which lists it is. The first four are also how an entry's word is in the vocabulary.
    [Flags]
    private enum Spelling : byte
    {
        None = 0,
        Lower = 1,
        Capitalised = 2,
        Upper = 4,
        Mixed = 8,
        ErrorType = 16,

        // Has a role, or none on purpose.
        Listed = 32,
    }

    /// <summary>What is known of a word; nothing of one that isn't ASCII.</summary>
    public static WordFacts Look(ReadOnlySpan<char> word)
    {
        Span<byte> key = stackalloc byte[MaxWord];
        if (!SortedLines.Key(word, key, out var size))
            return default;
        key = key[..size];
        var all = instance ??= new ErrorVocabulary();
        var spelling = Spell(key);
        if (spelling != Spelling.Mixed)
        {
            var slot = all.Find(Lower(key));
            var isWord = (slot.Spellings & (spelling == Spelling.Capitalised ? Spelling.Lower | Spelling.Capitalised : spelling)) != 0;
            var isErrorType = (slot.Spellings & Spelling.ErrorType) != 0 && spelling == Spelling.Capitalised;
            return new WordFacts(isWord, isWord || (slot.Spellings & Spelling.Lower) != 0, isErrorType, slot.Roles);
        }

        var exact = all.Find(key).Spellings;
        var folded = all.Find(Lower(key));
        // A CamelCase word (StackSet, RoleArn) that no list of roles has is a kind of thing.
        var roles = (folded.Spellings & Spelling.Listed) != 0 ? folded.Roles : WordRole.Kind;
        var isExact = (exact & Spelling.Mixed) != 0;
        return new WordFacts(isExact, isExact || (folded.Spellings & Spelling.Lower) != 0, (exact & Spelling.ErrorType) != 0, roles);
    }

    private static WordRole Roles(ReadOnlySpan<byte> letters)
    {
        var roles = WordRole.None;
        foreach (var letter in letters)
        {
            roles |= letter switch
            {
                (byte)'k' => WordRole.Kind,
                (byte)'f' => WordRole.Follower,
                (byte)'h' => WordRole.Head,
                (byte)'a' => WordRole.Attribute,
                (byte)'n' => WordRole.Naming,
                (byte)'p' => WordRole.ProseLabel,
                _ => WordRole.None,
            };
        }

        return roles;
    }

    // A mixed word is found under its own spelling, all others under their lower case.
    private void Add(ReadOnlySpan<byte> word, Spelling list, WordRole roles)
    {
        Span<byte> key = stackalloc byte[word.Length];
        word.CopyTo(key);
        var spelling = Spell(key);
        if (spelling != Spelling.Mixed)
            Lower(key);
        ref var slot = ref Find(key);
        if (slot.Length == 0)
        {
            slot.Start = (ushort)used;
            slot.Length = (byte)key.Length;
            key.CopyTo(text.AsSpan(used));
            used += key.Length;
        }

        slot.Spellings |= list == Spelling.None ? spelling : list;
        slot.Roles |= roles;
    }

    // The word's slot, or the free one where it would be.
    private ref Slot Find(ReadOnlySpan<byte> key)
    {
        for (var at = WordHash.Of(key, SlotBits); ; at = (at + 1) % slots.Length)
        {
            ref var slot = ref slots[at];
            if (slot.Length == 0 || text.AsSpan(slot.Start, slot.Length).SequenceEqual(key))
                return ref slot;
        }
    }

    private static Spelling Spell(ReadOnlySpan<byte> word)
    {
        if (!word.ContainsAnyInRange((byte)'A', (byte)'Z'))
            return Spelling.Lower;
        if (word[0] is >= (byte)'A' and <= (byte)'Z' && !word[1..].ContainsAnyInRange((byte)'A', (byte)'Z'))
            return Spelling.Capitalised;
        return word.ContainsAnyInRange((byte)'a', (byte)'z') ? Spelling.Mixed : Spelling.Upper;
    }

    private static Span<byte> Lower(Span<byte> word)
    {
        foreach (ref var letter in word)
        {
            if (letter is >= (byte)'A' and <= (byte)'Z')
                letter |= 0x20;
        }

        return word;
    }

    // The lines of an embedded list.
    private ref struct Lines(string name)
    {
        private ReadOnlySpan<byte> rest = SortedLines.Embedded(name).Bytes;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly Lines GetEnumerator() => this;

        public bool MoveNext()
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                return false;
            Current = rest[..end];
            rest = rest[(end + 1)..];
            return true;
        }
    }

    private struct Slot
    {
        public ushort Start;
        public byte Length;
        public Spelling Spellings;
        public WordRole Roles;
    }
}
