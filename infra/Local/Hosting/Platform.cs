using System.Runtime.Versioning;

// Processes, signals and file modes are Unix's.
[assembly: UnsupportedOSPlatform("windows")]
