using System.Diagnostics;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>Runs other programs, and returns their output and exit code.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end, and returns its standard output and error.</summary>
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

    /// <summary>Runs a program that must succeed.</summary>
    public static async Task<string> Must(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (code, text) = await Run(program, arguments, folder, environment);
        return code == 0 ? text : throw new InvalidOperationException($"{program} ended with {code}:\n{text}");
    }

    /// <summary>Null when a program is installed and starts; otherwise the reason for skipping the tests that need it.</summary>
    public static async Task<string?> Missing(string program, params string[] arguments)
    {
        try
        {
            var (code, _) = await Run(program, arguments);
            return code == 0 ? null : $"{program} {string.Join(' ', arguments)} does not work on this machine";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{program} is not installed on this machine";
        }
    }
}
