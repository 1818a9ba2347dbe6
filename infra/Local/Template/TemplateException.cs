namespace Collector.Local.Template;

/// <summary>The template says something that cannot be read; the message is the one line a person needs.</summary>
internal sealed class TemplateException(string message) : Exception(message);
