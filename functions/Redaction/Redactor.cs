namespace Collector.Redaction;

/// <summary>
/// Takes names out of texts that a client sends (<c>err_msg</c>, <c>stack_trace</c>). What is not known to be AWS's own wording becomes
/// <see cref="Mark"/>, one for each run.
/// </summary>
internal static class Redactor
{
    /// <summary>Written in place of what was removed.</summary>
    public const string Mark = "‹…›";

    /// <summary>How much of a message is looked at, in UTF-16 code units; the rest is removed.</summary>
    public const int MaxMessageInput = 4096;

    /// <summary>How much of a stack trace is looked at, in UTF-16 code units from its end, where the cause is.</summary>
    public const int MaxTraceInput = 65_536;

    /// <summary>
    /// An error message with nothing left but words and numbers of up to four digits in places where AWS or an emulator of it has written
    /// them, and ASCII punctuation; white space becomes one space. Applied to its own result it changes nothing.
    /// </summary>
    /// <param name="text">The message.</param>
    /// <param name="maxLength">Longest result, in UTF-16 code units, the mark for the rest included; at least that of a mark.</param>
    public static string ErrorMessage(ReadOnlySpan<char> text, int maxLength) =>
        MessageRedaction.Run(text, Math.Clamp(maxLength, Mark.Length, MaxMessageInput));

    /// <summary>
    /// A Python stack trace as lines <c>file.py:line in function</c> of LocalStack's and AWS's own packages and a last line with
    /// the exception's type and its redacted message.
    /// </summary>
    /// <param name="text">The stack trace.</param>
    /// <param name="maxBytes">Longest result, in bytes of UTF-8; of a longer one the beginning is removed. A mark has nine bytes.</param>
    public static string StackTrace(ReadOnlySpan<char> text, int maxBytes) => TraceRedaction.Run(text, maxBytes);
}
