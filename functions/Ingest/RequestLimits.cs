namespace Collector.Ingest;

/// <summary>The limits of one request. <see cref="Limits"/> gives the reasons; template.yaml has a parameter for each.</summary>
internal sealed record RequestLimits(
    int Events = Limits.Events,
    int Entries = Limits.Entries,
    int Operations = Limits.Operations,
    int CallsPerEntry = Limits.CallsPerEntry,
    int CallsPerRequest = Limits.CallsPerRequest);
