using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;

namespace Collector.Tests.Unit.Api;

public sealed class OperatorKeyTests
{
    [Theory]
    [InlineData("key", "key", true)]
    [InlineData("key", "another", false)]
    [InlineData("key", "", false)]
    [InlineData("key", null, false)]
    [InlineData("new,old", "new", true)]
    [InlineData("new,old", "old", true)]
    [InlineData("new,old", "new,old", false)]
    [InlineData("new,old", "older", false)]
    public void The_key_is_valid_and_so_is_the_old_one_while_it_is_being_replaced(string keys, string? borne, bool valid) => Assert.Equal(
        valid,
        new OperatorKey(keys).IsBorneBy(new APIGatewayProxyRequest
        {
            Headers = borne is null
                ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Authorization"] = "Bearer " + borne },
        }));

    [Theory]
    [InlineData("key", true)]
    [InlineData("new,old", true)]
    [InlineData("", false)]
    [InlineData("new,", false)]
    [InlineData(",old", false)]
    [InlineData("a,b,c", false)]
    public void An_empty_key_or_a_third_key_prevents_the_start(string keys, bool starts)
    {
        var settings = new Settings(name => name == "OPERATOR_KEY" ? keys : null);
        if (starts) Assert.Equal(keys, settings.OperatorKey);
        else Assert.Throws<InvalidDataException>(() => settings.OperatorKey);
    }
}
