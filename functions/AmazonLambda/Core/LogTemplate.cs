using System.Globalization;
using System.Text;

namespace Amazon.Lambda.Core;

/// <summary>Fills the placeholders of a log message in order.</summary>
internal static class LogTemplate
{
    /// <summary>
    /// <c>{name}</c> or <c>{name:format}</c> becomes the next argument, in the invariant culture; a doubled brace becomes a single one. A
    /// placeholder without an argument is not changed. A message without arguments is not a template and is not changed either.
    /// </summary>
    public static string Format(string message, object?[]? args)
    {
        if (args is not { Length: > 0 }) return message;

        var text = new StringBuilder(message.Length + 32);
        var next = 0;
        for (var i = 0; i < message.Length; i++)
        {
            var c = message[i];
            if (c is '{' or '}' && i + 1 < message.Length && message[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }

            var end = c == '{' && next < args.Length ? message.IndexOf('}', i) : -1;
            if (end < 0)
            {
                text.Append(c);
                continue;
            }

            var colon = message.IndexOf(':', i, end - i);
            var format = colon < 0 ? null : message[(colon + 1)..end];
            var value = args[next++];
            text.Append(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());
            i = end;
        }

        return text.ToString();
    }
}
