namespace Collector.Local.Template;

/// <summary>The template has an error, which the message describes in one line.</summary>
internal sealed class TemplateException(string message) : Exception(message);
