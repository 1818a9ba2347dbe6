using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class RedactorMessageTests
{
    [Theory]
    [InlineData("The specified queue does not exist for this wsdl version.")]
    [InlineData("The specified bucket does not exist")]
    [InlineData("Function not found")]
    [InlineData("Requested resource not found")]
    [InlineData("The bucket policy does not exist")]
    [InlineData("Cannot do operations on a non-existent table")]
    [InlineData("User pool does not exist.")]
    [InlineData("Transaction cancelled, please refer cancellation reasons for specific reasons [ResourceNotFoundException]")]
    [InlineData("An error occurred (ValidationException) when calling the UpdateTable operation: The role ARN is not valid.")]
    [InlineData("AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.")]
    [InlineData("You are not authorized to perform: sqs:CreateQueue")]
    [InlineData("Member must have length less than or equal to 64")]
    [InlineData("One or more parameter(s) not specified.")]
    [InlineData("The service's quota for this account isn't enough, you can't create more than 100 tables.")]
    [InlineData("Invalid parameter. (Status Code: 400, Error Code: ThrottlingException)")]
    public void What_AWS_wrote_stays_whole(string message) => Assert.Equal(message, Shipped.ErrorMessage(message));

    [Theory]
    [InlineData("Table: orders not found", "Table: ‹…› not found")]
    [InlineData("Table: status not found", "Table: ‹…› not found")]
    [InlineData("Requested resource not found: Table: data not found", "Requested resource not found: Table: ‹…› not found")]
    [InlineData("Function not found: arn:aws:lambda:us-east-1:000000000000:function:resize", "Function not found: ‹…›")]
    [InlineData("Function not found: status", "Function not found: ‹…›")]
    [InlineData("Stream orders under account 000000000000 not found.", "Stream ‹…› under account ‹…› not found.")]
    [InlineData("queue data does not exist", "‹…› does not exist")]
    [InlineData("The queue data does not exist", "The queue ‹…› does not exist")]
    [InlineData("The bucket primary already exists", "The bucket ‹…› already exists")]
    [InlineData("A role named status already exists", "A role named ‹…› already exists")]
    [InlineData("A role named 12345 already exists", "A role named ‹…› already exists")]
    [InlineData("Table: shared not found", "Table: ‹…› not found")]
    [InlineData("Bucket: required", "Bucket: ‹…›")]
    [InlineData("Stream: Table: starting", "Stream: Table: ‹…›")]
    [InlineData("The bucket 12345 does not exist", "The bucket ‹…› does not exist")]
    [InlineData("Table: 12345 not found", "Table: ‹…› not found")]
    [InlineData("Function not found: 777", "Function not found: ‹…›")]
    [InlineData("KeyError: 12345", "KeyError: ‹…›")]
    [InlineData("The topic with name: 'my topic of data' is gone", "The topic with name: '‹…›' is ‹…›")]
    [InlineData("Value 'the data table' at \"key\" and `role` failed", "Value '‹…›' at \"‹…›\" and `‹…›` failed")]
    [InlineData("Value “the data table” is not valid", "Value ‹…› is not valid")]
    [InlineData("Value ‹the data table› is not valid", "Value ‹…› is not valid")]
    [InlineData("One of ['data', 'status', 'role'] must be specified", "One of ['‹…›'] must be specified")]
    [InlineData("Value 'this data is never closed and goes on", "Value '‹…›'")]
    [InlineData("The user's key 'it's data' is not valid", "The user's key '‹…›' is not valid")]
    [InlineData("Value 'ar' at 'languageCode'failed to satisfy constraint", "Value '‹…›' at '‹…›'failed to satisfy constraint")]
    [InlineData("Instance [data] is invalid", "Instance [‹…›] is invalid")]
    [InlineData("id=data was not found", "‹…› was not found")]
    [InlineData("The name = data was not found", "The name = ‹…› was not found")]
    [InlineData("See https://example.com/data?key=value or /data/key or data/key or C:\\data", "See ‹…› or ‹…› or ‹…› or ‹…›")]
    [InlineData("Contact admin@example.com or admin.example.com or 10.0.0.1", "Contact ‹…› or ‹…› or ‹…›")]
    [InlineData("The request 6f1c0c5e-0b0f-4c1e-9c52-3a1f9d9a1f11 failed", "The request ‹…› failed")]
    [InlineData("Account 123456789012 is over its limit of 12345 and not 123456", "Account ‹…› is over its limit of 12345 and not ‹…›")]
    [InlineData("The data:key:value and s3:PutData are invalid", "The ‹…› and ‹…› are invalid")]
    [InlineData("Access to access-log, data.store, DataStore, data_store and AccessError denied", "Access to ‹…› and AccessError denied")]
    [InlineData("The bucket Größe or tаble or t\u200Bable or \u202Eelbat does not exist", "The bucket ‹…› or ‹…› or ‹…› or ‹…› does not exist")]
    [InlineData("Alarm High Heron Data Usage already exists", "Alarm ‹…› already exists")]
    [InlineData("OrdersException: HeronFault in Data.Store", "‹…› in ‹…›")]
    [InlineData("DBCluster public not found", "‹…› not found")]
    [InlineData("The resolver query log config with ID data does not exist", "The resolver query log config with ID ‹…› does not exist")]
    public void Names_go(string message, string redacted) => Assert.Equal(redacted, Shipped.ErrorMessage(message));

    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("  The  specified\n\tbucket\u00A0does not exist ", "The specified bucket does not exist")]
    [InlineData("-- = ...", "-- = ...")]
    [InlineData("heron heron heron", "‹…›")]
    [InlineData("‹…›", "‹…›")]
    [InlineData("‹…›heron", "‹…›")]
    [InlineData("\u0000\u0001\u0007", "‹…›")]
    [InlineData("\uD800 \uDFFF", "‹…›")]
    public void The_shape_of_the_result(string message, string redacted) => Assert.Equal(redacted, Shipped.ErrorMessage(message));

    [Fact]
    public void A_message_of_the_longest_length_stays_whole_and_a_longer_one_is_cut_between_words()
    {
        var exact = "a " + string.Concat(Enumerable.Repeat("the ", 255)) + "an";
        Assert.Equal(Shipped.MaxMessage, exact.Length);
        Assert.Equal(exact, Shipped.ErrorMessage(exact));

        var cut = Shipped.ErrorMessage(exact + "d");
        Assert.True(cut.Length <= Shipped.MaxMessage);
        Assert.EndsWith("the ‹…›", cut);
    }

    [Fact]
    public void What_lies_behind_the_looked_at_part_goes_and_so_does_the_word_that_the_cut_goes_through()
    {
        var spaces = new string(' ', Redactor.MaxMessageInput - "The ta".Length);
        Assert.Equal("The ‹…›", Shipped.ErrorMessage("The" + spaces + "table not found"));
        Assert.Equal("‹…›", Shipped.ErrorMessage(new string('x', 100_000)));
        Assert.Equal("The ‹…›", Shipped.ErrorMessage("The '" + new string('x', 100_000) + "' data").Replace("'", "", StringComparison.Ordinal));
    }
}
