namespace Collector.Redaction;

/// <summary>
/// Removes names from texts that a client sends (<c>err_msg</c>, <c>stack_trace</c>). Each stretch of text that is not known to be AWS's
/// own wording becomes one <see cref="Mark"/>.
/// </summary>
internal static class Redactor
{
    /// <summary>The redaction mark, which replaces removed text.</summary>
    public const string Mark = "‹…›";

    /// <summary>How much of a message is read, in UTF-16 code units; the rest is removed.</summary>
    public const int MaxMessageInput = 4096;

    /// <summary>How much of a stack trace is read, in UTF-16 code units from its end, where the cause is.</summary>
    public const int MaxTraceInput = 65_536;

    /// <summary>
    /// The redacted error message. It contains only ASCII punctuation, and words and numbers of up to four digits in contexts in which AWS
    /// or an emulator writes them. White space becomes one space. Applied to its own result, this changes nothing.
    /// </summary>
    /// <param name="text">The message.</param>
    /// <param name="maxLength">
    /// The longest result in UTF-16 code units, including the redaction mark for the rest; at least the length of one mark.
    /// </param>
    public static string ErrorMessage(ReadOnlySpan<char> text, int maxLength) =>
        MessageRedaction.Run(text, Math.Clamp(maxLength, Mark.Length, MaxMessageInput));

    /// <summary>
    /// The redacted Python stack trace: lines <c>file.py:line in function</c> for LocalStack's and AWS's own packages, and a last line with
    /// the exception's type and redacted message.
    /// </summary>
    /// <param name="text">The stack trace.</param>
    /// <param name="maxBytes">
    /// The longest result in bytes of UTF-8; the beginning of a longer one is removed. A redaction mark has nine bytes.
    /// </param>
    public static string StackTrace(ReadOnlySpan<char> text, int maxBytes) => TraceRedaction.Run(text, maxBytes);
}
