namespace Collector.Policy;

/// <summary>
/// One cleaned value: a text, a number (0 or 1 for a Boolean), texts or the entries of a list. The default value means none.
/// </summary>
internal readonly struct CleanValue
{
    // Used as the content of a number.
    private static readonly object IsNumber = new();

    private readonly object? content;
    private readonly long number;

    public CleanValue(string text) => content = text;

    public CleanValue(long number)
    {
        content = IsNumber;
        this.number = number;
    }

    public CleanValue(IReadOnlyList<string> texts) => content = texts;

    public CleanValue(IReadOnlyList<CleanFields> list) => content = list;

    public string? Text => content as string;

    public long? Number => content == IsNumber ? number : null;

    public IReadOnlyList<string>? Texts => content as IReadOnlyList<string>;

    public IReadOnlyList<CleanFields>? List => content as IReadOnlyList<CleanFields>;

    public bool IsEmpty => content is null;
}
