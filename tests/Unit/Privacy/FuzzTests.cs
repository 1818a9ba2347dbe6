using System.Globalization;
using System.Text;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// Malformed input: seeded mutations of the recorded requests. No mutation crashes a function or is answered with 5xx, and
/// memory does not grow.
/// </summary>
[Collection(nameof(Alone))]
[Trait("Speed", "Slow")]
public class FuzzTests
{
    // COLLECTOR_FUZZ_REQUESTS raises the number, for occasional runs with millions of requests.
    private static readonly int Requests = int.TryParse(
        Environment.GetEnvironmentVariable("COLLECTOR_FUZZ_REQUESTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var requests)
            ? Math.Max(requests, Fewest) : 100_000;

    // Fewer requests would not show whether memory grows.
    private const int Fewest = 10 * RequestsOfABench;
    private const int RequestsOfABench = 1_000;

    [Fact]
    public async Task Mutated_requests_are_answered_with_outcomes_or_a_problem()
    {
        var corpus = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "protocol")).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes).ToArray();
        var random = new Random(7);
        var bench = new IngestBench(Policies.Everything);
        var statuses = new Dictionary<int, int>();
        long normal = 0;
        for (var i = 0; i < Requests; i++)
        {
            if (i % RequestsOfABench == 0)
            {
                // A new bench frees the tables in memory, which are not part of the measurement.
                bench = new IngestBench(Policies.Everything);
                var memory = GC.GetTotalMemory(forceFullCollection: true);
                // One-time allocations are finished by now.
                if (normal == 0 && i >= Requests / 10) normal = memory;
                if (normal > 0) Assert.True(memory <= 2 * normal, $"{memory:N0} bytes after {i} requests; {normal:N0} are normal");
            }

            var body = Mutate(corpus[random.Next(corpus.Length)], corpus, random);
            var response = random.Next(4) == 0 ? await bench.Session(Encoding.Latin1.GetString(body)) : await bench.Post(body);
            Assert.True(response.StatusCode < 500,
                $"request {i} is answered {response.StatusCode}: {string.Join('\n', bench.Log.Lines.TakeLast(1))}");
            statuses[response.StatusCode] = statuses.GetValueOrDefault(response.StatusCode) + 1;
        }

        Assert.Subset(new HashSet<int> { 200, 400, 413 }, statuses.Keys.ToHashSet());
        Assert.True(statuses[200] > Requests / 20 && statuses[400] > Requests / 20, "the mutations are too much alike");
        Assert.True(normal > 0);
    }

    private static byte[] Mutate(byte[] seed, byte[][] corpus, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(9))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\"0-"[random.Next(5)], random.Next(1, 5_000))); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 400), bytes.Count - at))); break;
                case 4: bytes = [.. bytes.Take(at), .. corpus[random.Next(corpus.Length)].Skip(at)]; break;
                case 5: bytes.RemoveRange(at, bytes.Count - at); break;
                case 6: bytes.InsertRange(at, Token(random)); break;
                case 7: ReplaceNumber(bytes, random); break;
                default: bytes.InsertRange(at, "\\ud800\\u0000"u8.ToArray()); break;
            }

            if (bytes.Count == 0) return [0];
        }

        return [.. bytes];
    }

    private static byte[] Token(Random random) => random.Next(5) switch
    {
        0 => "null,"u8.ToArray(),
        1 => "1e999"u8.ToArray(),
        2 => "\"events\":[],"u8.ToArray(),
        3 => [0xc3, 0x28],
        _ => "-9223372036854775809"u8.ToArray(),
    };

    private static void ReplaceNumber(List<byte> bytes, Random random)
    {
        var at = bytes.FindIndex(random.Next(bytes.Count), b => b is >= (byte)'0' and <= (byte)'9');
        if (at >= 0) bytes.InsertRange(at, Encoding.ASCII.GetBytes(random.NextInt64().ToString(CultureInfo.InvariantCulture)));
    }
}
