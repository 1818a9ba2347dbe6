namespace Collector.Tests.Fleet.Scale;

/// <summary>
/// A simulated day of a fleet: each instance draws its tier, its start and its running time. While it is active, a Pro instance sends 20
/// calls every ten seconds, and every other instance sends its counts once per minute.
/// </summary>
internal sealed class DayOfFleet
{
    private const int Minutes = 24 * 60;

    private readonly double[] pro = new double[Minutes + 1];
    private readonly double[] others = new double[Minutes + 1];
    private readonly double[] starts = new double[Minutes + 1];

    private DayOfFleet()
    {
    }

    /// <summary>Requests with calls per second, for each minute.</summary>
    public IEnumerable<double> ProRates => pro.Take(Minutes);

    /// <summary>Requests with counts per second, for each minute.</summary>
    public IEnumerable<double> CountRates => others.Take(Minutes);

    /// <summary>Started sessions per second, for each minute.</summary>
    public IEnumerable<double> SessionRates => starts.Take(Minutes);

    public static DayOfFleet Simulate(Figures figures)
    {
        var random = new Random(1);
        var fleet = figures.Part("fleet").ToDictionary(entry => entry.Name, entry => entry.Entry["value"]!.GetValue<double>());
        var day = new DayOfFleet();
        for (var i = 0; i < fleet["instances"]; i++)
        {
            // Eight hours from nine o'clock.
            var start = (int)(random.NextDouble() < fleet["officeShare"]
                ? (9 * 60) + (random.NextDouble() * 8 * 60) : random.NextDouble() * Minutes);
            var end = Math.Min(Minutes, start + 1 + (int)(-Math.Log(1 - random.NextDouble()) * fleet["meanMinutes"]));
            var isPro = random.NextDouble() < fleet["proShare"];
            day.starts[start] += 1 / 60.0;
            var rate = fleet["activeShare"] / (isPro ? figures.Assumed("sessionSeconds") : 60);
            var rates = isPro ? day.pro : day.others;
            rates[start] += rate;
            rates[end] -= rate;
        }

        Sum(day.pro);
        Sum(day.others);
        return day;
    }

    // Turns changes into totals.
    private static void Sum(double[] rates)
    {
        for (var i = 1; i < rates.Length; i++) rates[i] += rates[i - 1];
    }
}
