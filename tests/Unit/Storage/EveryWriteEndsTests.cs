using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Storage;

/// <summary>
/// That an item which isn't a counter has an end is not left to each writer: items are put by one method, which asks for it, and updated
/// through one builder, which does too. So this looks for writes beside those two; what they write is looked at against DynamoDB Local.
/// </summary>
public sealed partial class EveryWriteEndsTests
{
    [Fact]
    public void Nothing_writes_an_item_but_the_two_methods_that_ask_for_its_end()
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
    public void A_write_is_known_when_it_is_seen(string code, bool isWrite) => Assert.Equal(isWrite, Write().IsMatch(code));

    [GeneratedRegex(
        @"\b(PutItemRequest|UpdateItemRequest|PutRequest)\b|\b(TransactWriteItems|ExecuteStatement|BatchExecuteStatement|ExecuteTransaction)")]
    private static partial Regex Write();
}
