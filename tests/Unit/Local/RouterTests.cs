using Collector.Local.Gateway;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Local;

public sealed class RouterTests
{
    private readonly Router router = new(
    [
        Route("GET", "/"),
        Route("GET", "/{proxy+}"),
        Route("GET", "/stacks"),
        Route("GET", "/stacks/{session}"),
        Route("DELETE", "/stacks/{session}"),
        Route("GET", "/stacks/mine"),
        Route("GET", "/stacks/{session}/events"),
        Route("ANY", "/any"),
        Route("POST", "/any"),
        Route("GET", "/assets/{proxy+}"),
    ]);

    [Theory]
    [InlineData("GET", "", "GET /")]
    [InlineData("GET", "/", "GET /")]
    [InlineData("GET", "/stacks", "GET /stacks")]
    [InlineData("GET", "/stacks/mine", "GET /stacks/mine")]
    [InlineData("GET", "/stacks/other", "GET /stacks/{session}")]
    [InlineData("DELETE", "/stacks/other", "DELETE /stacks/{session}")]
    [InlineData("GET", "/stacks/mine/events", "GET /stacks/{session}/events")]
    [InlineData("GET", "/stacks/a/other", "GET /{proxy+}")]
    [InlineData("GET", "/stacks/", "GET /{proxy+}")]
    [InlineData("GET", "/assets/app.js", "GET /assets/{proxy+}")]
    [InlineData("GET", "/assets/a/b.js", "GET /assets/{proxy+}")]
    [InlineData("GET", "/else", "GET /{proxy+}")]
    [InlineData("PATCH", "/any", "ANY /any")]
    [InlineData("POST", "/any", "POST /any")]
    [InlineData("GET", "/Stacks", "GET /{proxy+}")]
    public void The_most_specific_resource_wins(string method, string path, string expected)
    {
        var found = router.Find(method, path);
        Assert.Equal(expected, $"{found?.Route.Method} {found?.Route.Path}");
    }

    [Theory]
    [InlineData("POST", "/stacks")]
    [InlineData("DELETE", "/stacks/mine")]
    [InlineData("HEAD", "/stacks")]
    [InlineData("POST", "/nothing")]
    public void A_resource_without_the_method_does_not_match(string method, string path) => Assert.Null(router.Find(method, path));

    [Fact]
    public void Path_variables_stay_as_they_were_sent()
    {
        Assert.Equal("a%2Fb", router.Find("GET", "/stacks/a%2Fb")!.Parameters!["session"]);
        Assert.Equal("x/y%20z", router.Find("GET", "/assets/x/y%20z")!.Parameters!["proxy"]);
        Assert.Null(router.Find("GET", "/stacks")!.Parameters);
    }

    private static RouteDefinition Route(string method, string path) => new(method, path, method + path);
}
