namespace Collector.Tests.Fleet.Scale;

/// <summary>The cost of a month without any traffic.</summary>
internal sealed class IdleFloor(Figures figures)
{
    private const double Million = 1_000_000;
    private const double Gigabyte = 1024.0 * 1024 * 1024;

    /// <summary>How often the template has this type of resource.</summary>
    public static int Count(string template, string type) => template.Split("Type: " + type + "\n").Length - 1;

    public IReadOnlyList<(string What, double Dollars)> Month(string template)
    {
        var secrets = Count(template, "AWS::SecretsManager::Secret");
        var alarms = Count(template, "AWS::CloudWatch::Alarm");
        // Once per minute, and the daily job.
        var invocations = (figures.Assumed("hours") * 60) + (figures.Assumed("hours") / 24);
        var eraser = figures.Price("lambdaRequests") / Million
            + (figures.Assumed("eraserMilliseconds") / 1000 * figures.Assumed("memory") / 1024 * figures.Price("lambdaX86"));
        var bytes = figures.Measured("lineBytes", Tier.Cli.Name, 1, 1) + figures.Assumed("platformBytes");
        return
        [
            ($"{secrets} secrets", secrets * figures.Price("secret")),
            ($"{alarms} alarms", alarms * figures.Price("alarm")),
            ("invocations of the Eraser and the Rollup", invocations * eraser),
            // The Eraser, which is invoked every minute, is not traced.
            ("traces of the Rollup", figures.Assumed("hours") / 24 * figures.Price("traces") / Million),
            ("their log lines", invocations * bytes / Gigabyte * (figures.Price("logs") + figures.Price("logStorage"))),
            ("their reads", invocations * figures.Price("readUnits") / Million),
            ("tables, streams and their readers, the API, the queue, the topic, log groups, roles", 0),
        ];
    }
}
