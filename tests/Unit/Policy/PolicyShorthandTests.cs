using System.Text.Json;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>Text that policy.json states once is enforced and shown in full.</summary>
public class PolicyShorthandTests
{
    private static readonly PolicyDocument File = Read();

    [Fact]
    public void Every_sentence_is_listed_once_and_used()
    {
        var keys = File.Events.SelectMany(e => (e.Fields ?? []).Select(field => field.Sentence).Append(e.Sentence)).ToHashSet();
        Assert.Equal(File.Sentences!.Keys.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
        Assert.Equal(File.Sentences.Count, File.Sentences.Values.Distinct().Count());
    }

    [Fact]
    public void The_shown_policy_repeats_each_sentence_at_its_rule()
    {
        var shown = Policies.Shipped.Enforced;
        Assert.Null(shown.Sentences);
        Assert.All(shown.Events, e => Assert.Contains(e.Sentence, File.Sentences!.Values));
        Assert.All(shown.Events.SelectMany(e => e.Fields ?? []), field => Assert.Contains(field.Sentence, File.Sentences!.Values));
        Assert.DoesNotContain(shown.Events.SelectMany(e => e.Fields ?? []), field => field.Repeat is not null || field.Field.Contains('#'));
    }

    [Fact]
    public void Numbered_fields_alternate()
    {
        var labels = Policies.Shipped.Enforced.Events.Single(e => e.Name == "ls_metrics").Fields!
            .Where(field => field.Field.Contains("label_", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            Enumerable.Range(1, 6).SelectMany(number => new[] { $"label_{number}", $"label_{number}_value" }),
            labels.Select(field => field.As));
        Assert.All(labels, field => Assert.Equal("payload.metrics[]." + field.As, field.Field));
        Assert.All(labels.Where(field => field.When is not null), field => Assert.Equal(field.When!.Field + "_value", field.As));
    }

    [Fact]
    public void A_missing_sentence_is_named()
    {
        var broken = File with { Events = [.. File.Events.Select(e => e.Name == "config" ? e with { Sentence = "no_such" } : e)] };
        var error = Assert.Throws<InvalidDataException>(() => PolicyShorthand.WriteOut(broken));
        Assert.Equal("policy.json: config refers to the sentence no_such, which is not in sentences", error.Message);
    }

    private static PolicyDocument Read()
    {
        using var stream = typeof(CollectionPolicy).Assembly.GetManifestResourceStream("policy.json")!;
        return JsonSerializer.Deserialize(stream, PolicyJson.Default.PolicyDocument)!;
    }
}
