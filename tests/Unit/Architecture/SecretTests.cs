using Collector.Local.Template;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Architecture;

/// <summary>Compares each function's environment in the template with the settings that the function reads when it is built.</summary>
public sealed class SecretTests
{
    private static readonly HashSet<string> Secrets = ["FINGERPRINT_SECRET", "OPERATOR_KEY"];

    private static readonly SamTemplate Template = SamTemplate.Read(
        File.ReadAllText(Path.Combine(Repository.Root, "template.yaml")), "usage", new Dictionary<string, string>(), (id, _) =>
            "a long secret named " + id);

    public static TheoryData<string> Functions() => [.. Template.Functions.Select(function => function.LogicalId)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_gets_the_secrets_that_it_uses_and_no_others(string id)
    {
        var function = Template.Functions.Single(function => function.LogicalId == id);
        using var dynamoDb = new InMemoryDynamoDb();
        var asked = new HashSet<string>();
        var settings = new Settings(name =>
        {
            asked.Add(name);
            return name == "_HANDLER" ? function.Handler : function.Variables.GetValueOrDefault(name);
        });

        Assert.NotNull(new App(settings, TimeProvider.System) { DynamoDb = dynamoDb, Output = Stream.Null }.Handler());
        Assert.Equal(Secrets.Intersect(asked).Order(),
            Secrets.Intersect(function.Variables.Where(variable => variable.Value.Length > 0).Select(variable => variable.Key)).Order());
    }
}
