using System.Security.Cryptography;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Policy;
using Collector.Site;
using Collector.Tests.Unit.Ingest;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Site;

public class PolicyFunctionTests
{
    [Fact]
    public async Task The_served_policy_is_the_enforced_one_and_its_hash_is_that_of_the_answer()
    {
        var plain = await Get(Policies.Shipped);
        var extra = await Get(Policies.With(extra: ["ls_metrics"]));
        Assert.Contains("\"name\":\"ls_metrics\",\"kind\":\"feature\",\"collected\":false", plain.Body, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"ls_metrics\",\"kind\":\"feature\",\"collected\":true", extra.Body, StringComparison.Ordinal);
        foreach (var answer in new[] { plain, extra })
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer.Body!))),
                answer.Headers!["Collection-Policy"]);
        Assert.NotEqual(plain.Headers!["Collection-Policy"], extra.Headers!["Collection-Policy"]);
    }

    [Theory]
    [InlineData("{\"events\": [{\"name\": \"cli_cmd\", \"payload\": {\"cmd\": \"localstack start\"}}]}", 200)]
    [InlineData("not json", 400)]
    [InlineData("{\"events\": 17}", 400)]
    public async Task Every_ingest_answer_and_item_names_the_policy_in_force(string body, int status)
    {
        var bench = new IngestBench();
        var answer = await bench.Post(body);
        Assert.Equal((status, Policies.Shipped.Hash), (answer.StatusCode, answer.Headers!["Collection-Policy"]));
        Assert.All(bench.LogItems, item => Assert.Equal(Policies.Shipped.Hash, Convert.ToHexStringLower(item["policy"].B.ToArray())));
        Assert.Equal(status == 200, bench.LogItems.Count > 0);
        Assert.Equal(Policies.Shipped.Hash, (await bench.Session(body)).Headers!["Collection-Policy"]);
    }

    private static Task<APIGatewayProxyResponse> Get(CollectionPolicy policy) =>
        new PolicyFunction(policy).Handle(new APIGatewayProxyRequest(), new TestContext());
}
