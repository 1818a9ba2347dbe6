using System.Text.Json;

namespace Collector.Policy;

/// <summary>The words of policy.json for an enumeration's values: <c>cut_user_agent</c> for <c>CutUserAgent</c>.</summary>
internal static class PolicyNames<T>
    where T : struct, Enum
{
    private static readonly (string Word, T Value)[] Names =
        [.. Enum.GetValues<T>().Select(value => (JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), value))];

    public static T? Parse(string word)
    {
        foreach (var name in Names)
        {
            if (name.Word == word) return name.Value;
        }

        return null;
    }

    public static string Of(T value) => Array.Find(Names, name => name.Value.Equals(value)).Word;
}
