namespace Collector.Tests.EndToEnd.Page;

/// <summary>A call of a canned stack.</summary>
internal sealed record CannedCall(
    DateTimeOffset Time,
    string Service,
    string Operation,
    int Status,
    string? ErrorType = null,
    string? ErrorMessage = null,
    string? StackTrace = null,
    string UserAgent = "aws-cli/2.15.30",
    string Region = "us-east-1");
