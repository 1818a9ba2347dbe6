using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Collector.Local.Gateway;

/// <summary>
/// The names that this machine's API may be addressed by. A page anywhere on the web can make a browser send requests to 127.0.0.1 under a
/// name of its own (DNS rebinding) and then read the answers, with the local operator key, which everybody knows. Such a request carries
/// that name in <c>Host</c>, and is refused with 421 (RFC 9110, 15.5.20).
/// </summary>
internal sealed class HostNames(IEnumerable<string> more)
{
    private readonly HashSet<string> allowed = new(["localhost", "127.0.0.1", "[::1]", .. more], StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers a request to another name; true when it did, and the request is not to be served.</summary>
    public async Task<bool> Refuses(HttpContext context)
    {
        // The last dot of a fully qualified name makes no other name of it.
        if (allowed.Contains(context.Request.Host.Host.TrimEnd('.'))) return false;
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "application/problem+json";
        await context.Response.WriteAsync(new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = "Misdirected Request",
            ["status"] = StatusCodes.Status421MisdirectedRequest,
            ["detail"] =
                "This collector answers for localhost and 127.0.0.1 only. To allow another name, start it with --host-name <name>.",
        }.ToJsonString());
        return true;
    }
}
