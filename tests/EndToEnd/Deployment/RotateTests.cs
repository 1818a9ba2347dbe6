namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>Runs rotate.sh completely, with a replacement for the AWS CLI (Stub/aws).</summary>
public sealed class RotateTests
{
    [Theory]
    [InlineData("operator-key", "old", "made,old")]
    [InlineData("fingerprint-secret", "old", "2:made,1:old")]
    [InlineData("fingerprint-secret", "7:old", "8:made,7:old")]
    public async Task A_new_secret_is_created_beside_the_old_one_and_given_to_the_functions(string what, string before, string after)
    {
        var (code, text, calls, written) = await Rotate(before, what, "aws", "--stack", "mine");
        Assert.True(code == 0, text);
        Assert.Equal(after, written);
        var update = Assert.Single(calls, call => call.StartsWith("cloudformation update-stack", StringComparison.Ordinal));
        var parameter = what == "operator-key" ? "OperatorKeyVersion" : "FingerprintSecretVersion";
        Assert.Contains($"ParameterKey={parameter},ParameterValue=version-2", update, StringComparison.Ordinal);
        Assert.Contains("ParameterKey=Target,UsePreviousValue=true", update, StringComparison.Ordinal);
        Assert.DoesNotContain($"ParameterKey={parameter},UsePreviousValue", update, StringComparison.Ordinal);
        Assert.Contains("--use-previous-template", update, StringComparison.Ordinal);
        // Every user of the machine can see the arguments of a process.
        Assert.All(calls, call => Assert.DoesNotContain("made", call, StringComparison.Ordinal));
        Assert.Contains($"infra/rotate.sh {what} aws --stack mine", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operator-key", "new,old", "new")]
    [InlineData("fingerprint-secret", "2:new,1:old", "2:new")]
    public async Task Finishing_a_rotation_removes_the_old_secret(string what, string before, string after)
    {
        var (code, text, calls, written) = await Rotate(before, what, "aws", "--stack", "mine", "--finish");
        Assert.True(code == 0, text);
        Assert.Equal(after, written);
        Assert.Contains(calls, call => call.StartsWith("cloudformation wait stack-update-complete", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("new,old", "operator-key", "A rotation is running")]
    [InlineData("only", "operator-key --finish", "There is no old operator-key")]
    [InlineData("old", "password", "The first argument must be operator-key")]
    [InlineData("old", "operator-key --force", "--force is not an option")]
    [InlineData("255:old", "fingerprint-secret", "cannot exceed 255")]
    public async Task An_impossible_rotation_is_refused_with_one_line_and_changes_nothing(string before, string arguments, string said)
    {
        var parts = arguments.Split(' ');
        var (code, text, calls, written) = await Rotate(before, [parts[0], "aws", .. parts[1..]]);
        Assert.Equal((1, ""), (code, written));
        Assert.Contains(said, Assert.Single(text.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain(calls, call => call.StartsWith("cloudformation update-stack", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Text, IReadOnlyList<string> Calls, string Written)> Rotate(
        string secret, params string[] arguments)
    {
        var calls = Path.GetTempFileName();
        var script = Path.Combine(Repository.Root, "infra", "rotate.sh");
        var (code, text) = await Tool.Run(script, arguments, environment: new Dictionary<string, string>
        {
            ["PATH"] = Path.Combine(Repository.Root, "tests", "EndToEnd", "Stub") + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["CALLS"] = calls,
            ["SECRET"] = secret,
        });
        var written = calls + ".secret";
        var lines = await File.ReadAllLinesAsync(calls);
        var value = File.Exists(written) ? await File.ReadAllTextAsync(written) : "";
        File.Delete(calls);
        File.Delete(written);
        return (code, text, lines, value);
    }
}
