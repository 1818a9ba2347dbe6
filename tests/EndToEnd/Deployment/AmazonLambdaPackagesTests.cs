namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>
/// Builds a copy of the working tree with AWS's Amazon.Lambda packages. AMAZON_LAMBDA_FEED names a feed that has them, as a folder or an
/// address. The tree's own build is not touched.
/// </summary>
public sealed class AmazonLambdaPackagesTests
{
    [SkippableFact]
    public async Task The_unit_and_integration_tests_pass_with_the_packages_and_no_lock_file_changes()
    {
        var feed = Environment.GetEnvironmentVariable("AMAZON_LAMBDA_FEED");
        Skip.If(string.IsNullOrEmpty(feed), "AMAZON_LAMBDA_FEED does not name a feed with the Amazon.Lambda packages");
        var copy = Directory.CreateTempSubdirectory("collector-packages-");
        try
        {
            var files = (await Tool.Must("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))
                .Split('\0', StringSplitOptions.RemoveEmptyEntries);
            foreach (var file in files.Where(file => File.Exists(Path.Combine(Repository.Root, file))))
            {
                var target = Path.Combine(copy.FullName, file);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(Repository.Root, file), target);
            }

            foreach (var project in new[] { "tests/Unit", "tests/Integration" })
            {
                var (code, text) = await Tool.Run("dotnet",
                    ["test", project, "-c", "Release", "-p:AmazonLambdaFromNuGet=true", "--nologo"], copy.FullName);
                Assert.True(code == 0, text);
            }

            foreach (var file in files.Where(file => Path.GetFileName(file) == "packages.lock.json"))
                Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, file)),
                    await File.ReadAllTextAsync(Path.Combine(copy.FullName, file)));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
