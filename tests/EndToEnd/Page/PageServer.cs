using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Policy;
using Collector.Site;
using Collector.Stacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Collector.Tests.EndToEnd.Page;

/// <summary>
/// Serves the page, the policy and previews with the real handlers, and canned answers for the rest of the API. The answers depend on the
/// token, so that tests do not disturb each other.
/// </summary>
internal sealed class PageServer : IAsyncDisposable
{
    /// <summary>Tokens: one with stacks, one without, and one whose stacks have markup in every text.</summary>
    public const string Owner = "ls-owner-token", Nobody = "ls-nobody-token", Mallory = "ls-mallory-token";

    public const string Operator = "operator";

    private readonly WebApplication app;
    private readonly DashboardFunction dashboard = new(DashboardFiles.Read(Path.Combine(AppContext.BaseDirectory, "web")));
    private static readonly CollectionPolicy Policy = CollectionPolicy.Load(
        new PolicySwitches(true, [], new Dictionary<string, int> { ["SESSION_RETENTION_DAYS"] = 90 }),
        new Fingerprints(new string('k', 32)));

    private readonly PolicyFunction policy = new(Policy);
    private readonly PreviewFunction preview = new(Policy);

    private PageServer(WebApplication app) => this.app = app;

    /// <summary>The address of the stage, with a final slash.</summary>
    public Uri Stage => new(app.Urls.Single() + "/v1/");

    /// <summary>Every request so far: its address and its headers.</summary>
    public ConcurrentQueue<(Uri Address, IReadOnlyDictionary<string, string> Headers)> Requests { get; } = new();

    /// <summary>Answers that a route (<c>stacks</c>) gives before the canned ones: a status and a body.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<(int Status, JsonObject Body)>> Next { get; } = new();

    public IReadOnlyList<CannedStack> Stacks { get; } = CannedData.Stacks();

    public static async Task<PageServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new PageServer(app);
        app.Run(server.Answer);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>The answer for one of the page's files, by the path after <c>/assets/</c> as API Gateway passes it on.</summary>
    public Task<APIGatewayProxyResponse> Dashboard(string proxy) => ApiFunction.Guard(dashboard.Handle)(
        new APIGatewayProxyRequest { Resource = "/assets/{proxy+}", PathParameters = new Dictionary<string, string> { ["proxy"] = proxy } },
        null!);

    private async Task Answer(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue((new Uri(request.GetDisplayUrl()), request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        var route = request.Path.Value!.StartsWith("/v1/", StringComparison.Ordinal)
            ? request.Path.Value["/v1/".Length..] : request.Path.Value == "/v1" ? "" : null;
        if (route is null)
            context.Response.StatusCode = 403;
        else if (route is "" || route.StartsWith("assets/", StringComparison.Ordinal))
            await Write(context, await ApiFunction.Guard(dashboard.Handle)(Event(request, route), null!));
        else if (route == "policy/preview")
            await Write(context, await ApiFunction.Guard(preview.Handle)(await Event(request), new TestContext()));
        else if (route == "policy" && !Next.ContainsKey(route))
            await Write(context, await policy.Handle(Event(request, route), null!));
        else
            await Api(context, route);
    }

    private async Task Api(HttpContext context, string route)
    {
        var query = context.Request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : null;
        var (status, body) = Next.TryGetValue(route, out var next) && next.TryDequeue(out var scripted)
            ? scripted : CannedAnswer(route, query, token);
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private (int Status, JsonObject Body) CannedAnswer(string route, Dictionary<string, string> query, string? token)
    {
        if (route == "summary") return (200, CannedUsage.Summary(query));
        if (route == "usage/ledger") return (200, CannedUsage.Ledger(query));
        if (route.StartsWith("usage/", StringComparison.Ordinal))
        {
            return token != Operator
                ? Problem(401, "This needs the operator key: Authorization: Bearer <key>.") : route["usage/".Length..] switch
            {
                "requests" => (200, CannedUsage.Requests(query)),
                "cli" => (200, CannedUsage.Cli(query)),
                "features" => (200, CannedUsage.Features(query)),
                "sessions" => (200, CannedUsage.Sessions(query)),
                _ => Problem(404, "There is no such route; docs/api.yaml lists them."),
            };
        }

        if (token is not (Owner or Nobody or Mallory)) return Problem(401, "This needs an auth token.");
        var stacks = token == Owner ? Stacks : token == Mallory ? [CannedData.Hostile] : [];
        if (route == "tracking") return (200, new JsonObject { ["track_events"] = true });
        if (route == "stacks") return (200, CannedData.List(stacks, query));
        if (route == "stacks/overview") return (200, CannedData.Overview(stacks));
        var parts = route.Split('/');
        var stack = Find(Uri.UnescapeDataString(parts[1]));
        if (stack is null) return Problem(404, "There is no such stack with this token.");
        return (200, parts.ElementAtOrDefault(2) switch
        {
            null => stack.Whole(),
            "breakdown" => stack.Breakdown(),
            "comparison" => stack.Comparison(
                query.TryGetValue("with", out var with) ? Find(with) : stacks.SkipWhile(other => other != stack).Skip(1).FirstOrDefault()),
            _ => stack.Events(query),
        });

        CannedStack? Find(string session) => stacks.FirstOrDefault(candidate => candidate.Session == session);
    }

    public static (int Status, JsonObject Body) Problem(int status, string detail) =>
        (status, new JsonObject { ["status"] = status, ["detail"] = detail });

    private static async Task<APIGatewayProxyRequest> Event(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return new APIGatewayProxyRequest
        {
            HttpMethod = request.Method,
            Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            QueryStringParameters = request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString()),
            Body = Convert.ToBase64String(body.ToArray()),
            IsBase64Encoded = true,
        };
    }

    private static APIGatewayProxyRequest Event(HttpRequest request, string route) => new()
    {
        Resource = route == "" ? "/" : "/assets/{proxy+}",
        HttpMethod = request.Method,
        Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
        PathParameters = route.StartsWith("assets/", StringComparison.Ordinal)
            ? new Dictionary<string, string> { ["proxy"] = route["assets/".Length..] } : null,
    };

    private static async Task Write(HttpContext context, APIGatewayProxyResponse answer)
    {
        context.Response.StatusCode = answer.StatusCode;
        foreach (var (name, value) in answer.Headers!) context.Response.Headers[name] = value;
        if (answer.Body is not null)
            await context.Response.Body.WriteAsync(
                answer.IsBase64Encoded ? Convert.FromBase64String(answer.Body) : Encoding.UTF8.GetBytes(answer.Body));
    }
}
