namespace Collector.Local.Template;

/// <summary>The template has an error; the message is one line that says what it is.</summary>
internal sealed class TemplateException(string message) : Exception(message);
