using System.Numerics;
using System.Text;

namespace Collector.Redaction;

/// <summary>
/// The words of AWS's own error messages: <c>catalog/error-vocabulary.txt</c>, <c>error-words.txt</c> (what that list lacks: "wsdl",
/// "non-existent"), Python's error names (<c>exception-types.txt</c>), the names of services (<c>aws-services.txt</c>) and what a word says about its neighbours
/// (<c>word-roles.tsv</c>). A hash table, built when the first text is redacted (a fraction of a millisecond, 200 KB): a message has
/// dozens of words, and few requests have a message.
/// </summary>
internal sealed class ErrorVocabulary
{
    /// <summary>Longest word, in characters; what is longer is no word, whatever it is made of.</summary>
    public const int MaxWord = 48;

    // A power of two, under half full.
    private const int SlotBits = 13;

    // Two threads may both build it; either's is good.
    private static ErrorVocabulary? instance;

    private readonly Slot[] slots = new Slot[1 << SlotBits];
    private readonly char[] text = new char[32 * 1024];
    private int used;

    private ErrorVocabulary()
    {
        foreach (var line in new Lines("error-vocabulary.txt"))
            Add(line, Spelling.None, WordRole.None);
        foreach (var line in new Lines("error-words.txt"))
            Add(line, Spelling.None, WordRole.None);
        foreach (var line in new Lines("exception-types.txt"))
            Add(line, Spelling.ErrorType, WordRole.None);
        foreach (var line in new Lines("aws-services.txt"))
            Add(line, Spelling.Service, WordRole.None);
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
        Service = 64,

        // Of the entry, not its word: it is found under this spelling alone.
        Exact = 128,
    }

    /// <summary>What is known of a word; nothing of one that isn't ASCII.</summary>
    public static WordFacts Look(ReadOnlySpan<char> word)
    {
        if (!RollupResult.TryRead(word, out var folded))
            return default;
        var all = instance ??= new ErrorVocabulary();
        ref readonly var slot = ref all.Find(word, folded, exact: false);
        var spelling = folded.Spelling;
        var traits = (slot.Spellings & Spelling.Lower) != 0 ? WordFacts.Trait.Part : WordFacts.Trait.None;
        if (spelling != Spelling.Mixed)
        {
            if ((slot.Spellings & (spelling == Spelling.Capitalised ? Spelling.Lower | Spelling.Capitalised : spelling)) != 0)
                traits |= WordFacts.Trait.Word | WordFacts.Trait.Part;
            if ((slot.Spellings & Spelling.ErrorType) != 0 && spelling == Spelling.Capitalised)
                traits |= WordFacts.Trait.ErrorType;
            if ((slot.Spellings & Spelling.Service) != 0 && spelling == Spelling.Lower)
                traits |= WordFacts.Trait.Service;
            return new WordFacts(traits, slot.Roles);
        }

        var asSpelled = all.Find(word, folded, exact: true).Spellings;
        if ((asSpelled & Spelling.Mixed) != 0)
            traits |= WordFacts.Trait.Word | WordFacts.Trait.Part;
        if ((asSpelled & Spelling.ErrorType) != 0)
            traits |= WordFacts.Trait.ErrorType;
        // A CamelCase word (StackSet, RoleArn) that no list of roles has is a kind of thing.
        return new WordFacts(traits, (slot.Spellings & Spelling.Listed) != 0 ? slot.Roles : WordRole.Kind);
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

    // A mixed word is found under its own spelling, all others whatever their case.
    private void Add(ReadOnlySpan<byte> line, Spelling list, WordRole roles)
    {
        Span<char> word = stackalloc char[MaxWord];
        word = word[..Encoding.ASCII.GetChars(line, word)];
        if (!RollupResult.TryRead(word, out var folded))
            throw new InvalidDataException("a word of the vocabulary is longer than any may be");
        var exact = folded.Spelling == Spelling.Mixed;
        ref var slot = ref Find(word, folded, exact);
        if (slot.Length == 0)
        {
            (slot.Start, slot.Length, slot.First) = ((ushort)used, (byte)word.Length, folded.First);
            if (exact)
                slot.Spellings = Spelling.Exact;
            foreach (var c in word)
                text[used++] = exact ? c : char.ToLowerInvariant(c);
        }

        slot.Spellings |= list == Spelling.None ? folded.Spelling : list;
        slot.Roles |= roles;
    }

    // The word's slot, or the free one where it would be. What has eight letters or fewer is compared as one number.
    private ref Slot Find(ReadOnlySpan<char> word, in RollupResult folded, bool exact)
    {
        for (var at = folded.Hash; ; at = (at + 1) % slots.Length)
        {
            ref var slot = ref slots[at];
            if (slot.Length == 0)
                return ref slot;
            if (slot.First != folded.First || slot.Length != word.Length || exact != ((slot.Spellings & Spelling.Exact) != 0))
                continue;
            var known = text.AsSpan(slot.Start, slot.Length);
            // Both are ASCII: no other letter has one of these as its lower case.
            if (exact ? known.SequenceEqual(word)
                : word.Length <= sizeof(ulong) || known[sizeof(ulong)..].Equals(word[sizeof(ulong)..], StringComparison.OrdinalIgnoreCase))
                return ref slot;
        }
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

    // A word without its capitals, and how it was spelled: one pass, all in registers.
    private readonly ref struct RollupResult
    {
        private RollupResult(ulong first, int hash, Spelling spelling)
        {
            First = first;
            Hash = hash;
            Spelling = spelling;
        }

        // The first eight letters.
        public ulong First { get; }

        public int Hash { get; }

        public Spelling Spelling { get; }

        // False when the word is empty, too long or not ASCII, and so in no list.
        public static bool TryRead(ReadOnlySpan<char> word, out RollupResult folded)
        {
            folded = default;
            if (word.IsEmpty || word.Length > MaxWord)
                return false;
            ulong first = 0, rest = 0;
            int capitals = 0, smalls = 0;
            for (var i = 0; i < word.Length; i++)
            {
                uint c = word[i];
                if (c > 0x7F)
                    return false;
                if (c - 'A' <= 'Z' - 'A')
                {
                    c |= 0x20;
                    capitals++;
                }
                else if (c - 'a' <= 'z' - 'a')
                {
                    smalls++;
                }

                if (i < sizeof(ulong))
                    first = (first << 8) | c;
                else
                    rest = BitOperations.RotateLeft(rest, 9) ^ c;
            }

            var mixed = (first ^ (rest * 0xC2B2AE3D27D4EB4F)) * 0x9E3779B97F4A7C15;
            mixed ^= mixed >> 29;
            var hash = (int)((mixed * 0x9E3779B97F4A7C15) >> (64 - SlotBits));
            var spelling = capitals == 0 ? Spelling.Lower
                : capitals == 1 && char.IsAsciiLetterUpper(word[0]) ? Spelling.Capitalised
                : smalls > 0 ? Spelling.Mixed : Spelling.Upper;
            folded = new RollupResult(first, hash, spelling);
            return true;
        }
    }

    private struct Slot
    {
        public ulong First;
        public ushort Start;
        public byte Length;
        public Spelling Spellings;
        public WordRole Roles;
    }
}
