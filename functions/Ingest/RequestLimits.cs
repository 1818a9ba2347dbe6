namespace Collector.Ingest;

/// <summary>How much one request may hold; <see cref="Limits"/> has the reasons. template.yaml has a parameter for each.</summary>
internal sealed record RequestLimits(
    int Events = Limits.Events,
    int Entries = Limits.Entries,
    int Operations = Limits.Operations,
    int CallsPerEntry = Limits.CallsPerEntry,
    int CallsPerRequest = Limits.CallsPerRequest);
