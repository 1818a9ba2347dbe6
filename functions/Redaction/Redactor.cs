using System.Runtime.CompilerServices;

namespace Collector.Redaction;

/// <summary>
/// Takes names out of texts that a client sends (<c>err_msg</c>, <c>stack_trace</c>). An allow-list: what is not known to be
/// AWS's own wording goes, and stands as <see cref="Mark"/>, one for each run.
/// </summary>
internal static class Redactor
{
    /// <summary>What stands in place of what was removed.</summary>
    public const string Mark = "‹…›";

    /// <summary>How much of a message is looked at, in UTF-16 code units; the rest goes.</summary>
    public const int MaxMessageInput = 4096;

    /// <summary>How much of a stack trace is looked at, in UTF-16 code units from its end, where the cause is.</summary>
    public const int MaxTraceInput = 65_536;

    /// <summary>
    /// An error message with nothing left but words of AWS's vocabulary, names of operations, services and errors, plain numbers
    /// of up to five digits and ASCII punctuation; runs of white space become one space. Applied to its own result it changes nothing.
    /// </summary>
    /// <param name="maxLength">Longest result, in UTF-16 code units, the mark for the rest included.</param>
    public static string ErrorMessage(ReadOnlySpan<char> text, int maxLength) => ErrorMessage(text, maxLength, default);

    /// <summary>
    /// A Python stack trace as lines <c>file.py:line in function</c> of LocalStack's and AWS's own packages and a last line with
    /// the exception's type and its redacted message.
    /// </summary>
    /// <param name="maxBytes">Longest result, in bytes of UTF-8; of a longer one the beginning goes. What goes stands as a mark, which has nine.</param>
    public static string StackTrace(ReadOnlySpan<char> text, int maxBytes) => TraceRedaction.Run(text, maxBytes);

    /// <summary>As <see cref="ErrorMessage(ReadOnlySpan{char}, int)"/>, and says of each character of the text whether it was kept.</summary>
    [SkipLocalsInit]
    internal static string ErrorMessage(ReadOnlySpan<char> text, int maxLength, Span<bool> kept)
    {
        maxLength = Math.Min(maxLength, MaxMessageInput);
        Span<char> buffer = stackalloc char[maxLength + MessageRedaction.Excess];
        return new MessageRedaction(text, buffer, maxLength, kept).Run();
    }
}
