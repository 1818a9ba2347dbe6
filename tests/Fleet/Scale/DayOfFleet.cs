namespace Collector.Tests.Fleet.Scale;

/// <summary>
/// A day of a fleet, simulated: each instance draws its tier, when it starts and how long it runs. While it has something to send, a Pro
/// instance sends 20 calls in ten seconds, and each other one its counts once a minute.
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

    /// <summary>Requests a second with calls, in each minute.</summary>
    public IEnumerable<double> ProRates => pro.Take(Minutes);

    /// <summary>Requests a second with counts.</summary>
    public IEnumerable<double> CountRates => others.Take(Minutes);

    /// <summary>Sessions that start in a second.</summary>
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

    // From changes to what there is.
    private static void Sum(double[] rates)
    {
        for (var i = 1; i < rates.Length; i++) rates[i] += rates[i - 1];
    }
}
