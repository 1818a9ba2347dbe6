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
    [InlineData("User pool does not exist.")]
    [InlineData("Member must have length less than or equal to 64")]
    [InlineData("Rate exceeded")]
    [InlineData("One or more parameter(s) not specified.")]
    public void Messages_written_by_AWS_are_kept_completely(string message) => Assert.Equal(message, Shipped.ErrorMessage(message));

    [Theory]
    [InlineData("Table: orders not found", "Table: ‹…› not found")]
    [InlineData("Table: status not found", "Table: ‹…› not found")]
    [InlineData("Requested resource not found: Table: data not found", "Requested resource not found: Table: ‹…› not found")]
    [InlineData("Function not found: arn:aws:lambda:us-east-1:000000000000:function:resize", "Function not found: ‹…›")]
    [InlineData("Function not found: payment", "Function not found: ‹…›")]
    [InlineData("User Mark does not exist.", "‹…› does not exist.")]
    [InlineData("User: Mark Field is not authorized to perform: sqs:SendMessage", "User: ‹…› is not authorized to perform: ‹…›")]
    [InlineData("Will is not authorized to perform this operation.", "‹…› is not authorized to perform this operation.")]
    [InlineData("The queue orders does not exist", "The queue ‹…› does not exist")]
    [InlineData("Phone number is not opted out: +44 20 7946 0958", "‹…›: ‹…›")]
    [InlineData("Card 4111 1111 1111 1111 (12/27)", "‹…› (‹…›)")]
    [InlineData("Parameters: [Password, Customer] must have values", "Parameters: [‹…›, ‹…›] must have values")]
    [InlineData("Value 'the users' account password list' at 'name' failed to satisfy constraint",
        "Value '‹…›' ‹…›' at '‹…›' failed to satisfy constraint")]
    [InlineData("Value '‹the data table›' at \"name\" is not valid", "Value '‹…›' at \"‹…›\" is not valid")]
    [InlineData("Environment variable PASSWORD is not set", "Environment variable ‹…› is not set")]
    [InlineData("UPDATE ACCOUNT SET PASSWORD = 'x'", "‹…› = '‹…›'")]
    [InlineData("Connection to db.internal.acme.com refused", "Connection to ‹…›")]
    [InlineData("The bucket Größe does not exist", "The bucket ‹…› does not exist")]
    [InlineData("The bucket tаble does not exist", "The bucket ‹…› does not exist")]
    [InlineData("The bucket t\u200Bable does not exist", "The bucket ‹…› does not exist")]
    [InlineData("The bucket \uFF11\uFF12\uFF13\uFF14 does not exist", "The bucket ‹…› does not exist")]
    [InlineData("No such file or directory: '/home/mark/customers/export.csv'", "No such file or directory: '‹…›'")]
    [InlineData("{customer: Mark, account: private}", "{‹…›: ‹…›, ‹…›: ‹…›}")]
    [InlineData("CustomerAccountClosedError: account closed", "‹…›: ‹…›")]
    public void Names_are_removed(string message, string redacted) => Assert.Equal(redacted, Shipped.ErrorMessage(message));

    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("  The  specified\n\tbucket\u00A0does not exist ", "The specified bucket does not exist")]
    [InlineData("-- = ...", "-- = ...")]
    [InlineData("a ^ b $ c", "‹…› ^ ‹…› $ ‹…›")]
    [InlineData("heron heron heron", "‹…›")]
    [InlineData("‹…›", "‹…›")]
    [InlineData("‹…›heron", "‹…›")]
    [InlineData("\u0000\u0001\u0007", "‹…›")]
    [InlineData("\uD800 \uDFFF", "‹…›")]
    public void Spaces_are_normalised_and_adjacent_redaction_marks_merged(string message, string redacted) =>
        Assert.Equal(redacted, Shipped.ErrorMessage(message));

    [Fact]
    public void A_message_of_the_maximum_length_is_kept_and_a_longer_one_is_cut_between_words()
    {
        const string sentence = "The specified bucket does not exist. ";
        var exact = string.Concat(Enumerable.Repeat(sentence, Shipped.MaxMessage / sentence.Length))
            + new string('-', Shipped.MaxMessage % sentence.Length);
        Assert.Equal(Shipped.MaxMessage, exact.Length);
        Assert.Equal(exact, Shipped.ErrorMessage(exact));

        var cut = Shipped.ErrorMessage(exact + "-");
        Assert.InRange(cut.Length, Shipped.MaxMessage - sentence.Length, Shipped.MaxMessage);
        Assert.EndsWith("- ‹…›", cut);
        Assert.Equal(cut, Shipped.ErrorMessage(cut));
    }

    [Fact]
    public void Text_beyond_the_input_limit_is_removed_with_the_word_at_the_limit()
    {
        const string known = "The specified bucket does not exist.";
        var spaces = new string(' ', Redactor.MaxMessageInput - known.Length - "The ta".Length);
        Assert.Equal(known + " The ‹…›", Shipped.ErrorMessage(known + spaces + "The table not found"));
        Assert.Equal("‹…›", Shipped.ErrorMessage(new string('x', 100_000)));
        Assert.Equal("Value ‹…›", Shipped.ErrorMessage("Value '" + new string('x', 100_000) + "' data"));
    }

    [Theory]
    [InlineData(0, "‹…›")]
    [InlineData(3, "‹…›")]
    [InlineData(7, "‹…›")]
    [InlineData(18, "Function not found")]
    public void The_shortest_result_is_a_redaction_mark(int length, string redacted) =>
        Assert.Equal(redacted, Redactor.ErrorMessage("Function not found", length));
}
