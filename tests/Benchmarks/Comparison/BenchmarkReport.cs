namespace Collector.Benchmarks.Comparison;

/// <summary>Measures everything, prints the goals and the comparison, and writes the page with its plot.</summary>
internal sealed class BenchmarkReport(ComparisonOptions options, TextWriter output, TimeProvider time)
{
    public async Task Run()
    {
        var result = await new PeerComparison(options, output, time).Measure();
        await output.WriteAsync(new BenchmarkPage(options, result, [], [], [], time).Summary());
        if (options.Page is not { } page) return;

        await output.WriteLineAsync("Memory sizes");
        var memory = await new MemoryRun(options, time).Measure();
        await output.WriteLineAsync("Cleaning and growth");
        var cleaning = CleaningCost.Measure();
        var growth = await new GrowthRun(options, time).Measure();
        var before = File.Exists(page) ? await File.ReadAllTextAsync(page) : null;
        await File.WriteAllTextAsync(page, new BenchmarkPage(options, result, memory, cleaning, growth, time).Write(before));
        await File.WriteAllTextAsync(Path.ChangeExtension(page, null) + "-growth.svg", GrowthPlot.Draw(growth));
        await output.WriteLineAsync($"Written: {Path.GetFileName(page)} and its plot");
    }
}
