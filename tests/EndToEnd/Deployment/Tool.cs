using System.Diagnostics;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>Programs that are not this repository's: what they print and how they end.</summary>
internal static class Tool
{
    /// <summary>Runs one to its end; what it prints on either output is the answer's text.</summary>
    public static async Task<(int Code, string Text)> Run(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Runs one that has to succeed.</summary>
    public static async Task<string> Must(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (code, text) = await Run(program, arguments, folder, environment);
        return code == 0 ? text : throw new InvalidOperationException($"{program} ended with {code}:\n{text}");
    }

    /// <summary>Null when a program is there and starts, else why a test that needs it is skipped.</summary>
    public static async Task<string?> Missing(string program, params string[] arguments)
    {
        try
        {
            var (code, _) = await Run(program, arguments);
            return code == 0 ? null : $"{program} {string.Join(' ', arguments)} does not work on this machine";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{program} is not on this machine";
        }
    }
}
