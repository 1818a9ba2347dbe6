using Collector.Local.Template;

namespace Collector.Local.Gateway;

/// <param name="Parameters">The path's variables, still percent-encoded; null when it has none.</param>
internal sealed record RouteMatch(RouteDefinition Route, IReadOnlyDictionary<string, string>? Parameters);

/// <summary>
/// Finds the method for a request as a REST API does: in each segment, a literal wins over <c>{name}</c>, which wins over <c>{proxy+}</c>.
/// A resource without the method does not match, and ANY matches every method. <c>/items/1/</c> is not <c>/items/{id}</c>.
/// </summary>
internal sealed class Router
{
    private readonly (string[] Segments, string Path, List<RouteDefinition> Methods)[] resources;

    public Router(IEnumerable<RouteDefinition> routes) =>
        resources = [.. routes.GroupBy(route => route.Path)
            .Select(group => (Segments: Split(group.Key), group.Key, group.ToList()))
            .OrderBy(resource => resource.Segments, Comparer<string[]>.Create(MoreSpecific))];

    /// <param name="path">The path after the stage, as it was sent: <c>/stacks/a%20b</c>.</param>
    public RouteMatch? Find(string method, string path)
    {
        var sent = Split(path);
        foreach (var (segments, _, methods) in resources)
        {
            if (Match(segments, sent) is not { } parameters)
                continue;
            var route = methods.Find(candidate => candidate.Method == method) ?? methods.Find(candidate => candidate.Method == "ANY");
            return route is null ? null : new RouteMatch(route, parameters.Count == 0 ? null : parameters);
        }

        return null;
    }

    private static string[] Split(string path) => path is "" or "/" ? [] : path[1..].Split('/');

    private static Dictionary<string, string>? Match(string[] segments, string[] sent)
    {
        var parameters = new Dictionary<string, string>();
        for (var i = 0; i < segments.Length; i++)
        {
            if (i >= sent.Length)
                return null;
            if (IsGreedy(segments[i]))
            {
                var rest = string.Join('/', sent[i..]);
                if (rest.Length == 0)
                    return null;
                parameters[segments[i][1..^2]] = rest;
                return parameters;
            }

            if (IsVariable(segments[i]))
            {
                if (sent[i].Length == 0)
                    return null;
                parameters[segments[i][1..^1]] = sent[i];
            }
            else if (segments[i] != sent[i])
                return null;
        }

        return segments.Length == sent.Length ? parameters : null;
    }

    private static int MoreSpecific(string[] left, string[] right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (Rank(left[i]).CompareTo(Rank(right[i])) is not 0 and var order)
                return order;
        }

        return right.Length.CompareTo(left.Length);
    }

    private static int Rank(string segment) => IsGreedy(segment) ? 2 : IsVariable(segment) ? 1 : 0;

    private static bool IsVariable(string segment) => segment is ['{', .., '}'];

    private static bool IsGreedy(string segment) => segment is ['{', .., '+', '}'];
}
