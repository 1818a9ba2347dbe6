using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Storage;

/// <summary>
/// Every item that is not a counter must expire. This is not left to each writer: one method puts items and one builder updates them, and
/// both require an expiry. This test looks for writes that bypass them; the integration tests check the written items with DynamoDB Local.
/// </summary>
public sealed partial class EveryWriteEndsTests
{
    [Fact]
    public void Only_the_two_methods_that_require_an_expiry_write_items()
    {
        var functions = Path.Combine(Repository.Root, "functions");
        var writers = Directory.EnumerateFiles(functions, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Write().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);
        Assert.Equal(["Items.cs", "UpdateBuilder.cs"], writers);
    }

    [Theory]
    [InlineData("new PutItemRequest { TableName = name }", true)]
    [InlineData("public UpdateItemRequest Build() => new UpdateItemRequest", true)]
    [InlineData("new WriteRequest(new PutRequest(item))", true)]
    [InlineData("client.TransactWriteItemsAsync(request)", true)]
    [InlineData("client.ExecuteStatementAsync(request)", true)]
    [InlineData("new WriteRequest(new DeleteRequest(key))", false)]
    [InlineData("public static PutItemRequest Put() => new() { TableName = name }", true)]
    [InlineData("new GetItemRequest()", false)]
    public void A_write_is_recognised_in_code(string code, bool isWrite) => Assert.Equal(isWrite, Write().IsMatch(code));

    [GeneratedRegex(
        @"\b(PutItemRequest|UpdateItemRequest|PutRequest)\b|\b(TransactWriteItems|ExecuteStatement|BatchExecuteStatement|ExecuteTransaction)")]
    private static partial Regex Write();
}
