using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Collector.Local.Gateway;

/// <summary>
/// The host names under which this machine's API answers. Any web page can make a browser send requests to 127.0.0.1 under the page's own
/// host name (DNS rebinding) and read the answers, because the local operator key is public. Such a request contains that name in
/// <c>Host</c> and is refused with 421 (RFC 9110, 15.5.20).
/// </summary>
internal sealed class HostNames(IEnumerable<string> more)
{
    private readonly HashSet<string> allowed = new(["localhost", "127.0.0.1", "[::1]", .. more], StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses a request to another name; returns true if it did, so that the request is not served.</summary>
    public async Task<bool> Refuses(HttpContext context)
    {
        // A fully qualified name may end with a dot.
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
