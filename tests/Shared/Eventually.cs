namespace Collector.Tests;

/// <summary>Waits until another process has fulfilled a condition.</summary>
internal static class Eventually
{
    /// <summary>Asks until the answer fulfils the condition and returns it, or returns the last answer when the time is up.</summary>
    public static async Task<T> Get<T>(Func<Task<T>> ask, Func<T, bool> wanted, int seconds = 60)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (wanted(answer) || TimeProvider.System.GetElapsedTime(began).TotalSeconds > seconds)
                return answer;
            await Task.Delay(50);
        }
    }

    public static async Task<bool> True(Func<bool> condition, int seconds = 60) =>
        await Get(() => Task.FromResult(condition()), value => value, seconds);
}
