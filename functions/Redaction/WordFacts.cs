namespace Collector.Redaction;

/// <summary>
/// What <see cref="ErrorVocabulary"/> knows of a word. One number, which is handed on in a register: every word of every message is asked for.
/// </summary>
internal readonly struct WordFacts(WordFacts.Trait traits, WordRole roles)
{
    private const int TraitShift = 8;

    private readonly int bits = ((int)traits << TraitShift) | (int)roles;

    /// <summary>What a word can be; it may be several.</summary>
    [Flags]
    public enum Trait
    {
        None = 0,

        /// <summary>A word of AWS's messages, in this spelling or, when capitalised, in lower case.</summary>
        Word = 1,

        /// <summary>One in this spelling or in lower case: may be a part of a CamelCase name.</summary>
        Part = 2,

        /// <summary>The name of one of Python's errors.</summary>
        ErrorType = 4,

        /// <summary>The name of a service.</summary>
        Service = 8,
    }

    /// <summary>What it says about its neighbours.</summary>
    public WordRole Roles => (WordRole)(bits & ((1 << TraitShift) - 1));

    public bool IsWord => Is(Trait.Word);

    public bool IsPart => Is(Trait.Part);

    public bool IsErrorType => Is(Trait.ErrorType);

    public bool IsService => Is(Trait.Service);

    private bool Is(Trait trait) => (bits & ((int)trait << TraitShift)) != 0;
}
