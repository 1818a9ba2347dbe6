using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

public class CliCatalogTests
{
    private static readonly string[] Lines =
        [.. Encoding.ASCII.GetString(SortedLines.Embedded("cli-commands.tsv").Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')];

    // All possible commands, except the additions from AWS's catalog after `lstk aws`.
    private static readonly HashSet<string> Commands =
        [.. Lines.Select(line => line.Split('\t')).SelectMany(c => new[] { $"{c[0]} {c[1]}".TrimEnd(), $"{c[0]} {CliCatalog.Other}" }),
            CliCatalog.Other];

    private static readonly HashSet<string> Parameters = [.. Lines.SelectMany(
        line => line.Split('\t')[2].Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [Theory]
    [InlineData("localstack config validate", null, "localstack config validate")]
    [InlineData("  localstack \t config\nvalidate ", null, "localstack config validate")]
    [InlineData("localstack", null, "localstack")]
    [InlineData("localstack config set password hunter", null, "localstack config")]
    [InlineData("localstack auth set-token lsabcdef", null, "localstack auth set-token")]
    [InlineData("localstack pod remote add acme s3://acme", null, "localstack pod remote add")]
    [InlineData("localstack extensions install acme-extension", null, "localstack extensions install")]
    [InlineData("localstack update docker-images", null, "localstack update docker-images")]
    [InlineData("localstack hunter", null, "localstack other")]
    [InlineData("localstack hunter start", null, "localstack other")]
    [InlineData("localstack Start", null, "localstack other")]
    [InlineData("localstack /home/jane/stack", null, "localstack other")]
    [InlineData("localstack --debug start", null, "localstack")]
    [InlineData("localstack -v", null, "localstack")]
    [InlineData("localstack start --network jane", null, "localstack start")]
    [InlineData("localstack aws iam summary jane", null, "localstack aws iam summary")]
    [InlineData("localstack aws s3 ls", null, "localstack aws")]
    [InlineData("localstack ext:jane", null, "localstack other")]
    [InlineData("hunter start", null, "other")]
    [InlineData("/usr/bin/localstack start", null, "other")]
    [InlineData("start", "lstk", "lstk start")]
    [InlineData("lstk start", "lstk", "lstk start")]
    [InlineData("snapshot save jane", "lstk", "lstk snapshot save")]
    [InlineData("setup aws", "lstk", "lstk setup aws")]
    [InlineData("hunter", "lstk", "lstk other")]
    [InlineData("localstack start", "lstk", "lstk other")]
    [InlineData("ext:appinspect", "lstk", "lstk ext")]
    [InlineData("ext:", "lstk", "lstk ext")]
    [InlineData("ext:jane start", "lstk", "lstk ext")]
    [InlineData("ext", "lstk", "lstk ext")]
    [InlineData("aws ec2 describe-vpcs", "lstk", "lstk aws ec2 describe-vpcs")]
    [InlineData("terraform apply jane.tfvars", "lstk", "lstk terraform apply")]
    [InlineData("terraform jane", "lstk", "lstk terraform")]
    [InlineData("terraform workspace new jane", "lstk", "lstk terraform workspace")]
    [InlineData("cdk deploy JaneStack", "lstk", "lstk cdk deploy")]
    [InlineData("sam build", "lstk", "lstk sam build")]
    [InlineData("az group create", "lstk", "lstk az group")]
    [InlineData("az start-interception", "lstk", "lstk az start-interception")]
    public void A_command_is_kept_up_to_its_last_known_word(string line, string? program, string command)
    {
        Assert.Equal(command, CliCatalog.Command(line, program));
        Assert.Equal(command, CliCatalog.Command(command, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t ")]
    public void A_line_without_a_word_is_not_a_command(string line)
    {
        Assert.Null(CliCatalog.Command(line, null));
        Assert.Null(CliCatalog.Command(line, "lstk"));
    }

    [Theory]
    [InlineData("lstk aws", "ec2 describe-vpc-endpoint-connection-notifications", "ec2 describe-vpc-endpoint-connection-notifications")]
    [InlineData("lstk aws", "s3 mb acme-payroll", "s3 mb")]
    [InlineData("lstk aws", "s3 ls s3://acme", "s3 ls")]
    [InlineData("lstk aws", "s3 presign s3://acme/x", "s3 presign")]
    [InlineData("lstk aws", "s3 website", "s3 website")]
    [InlineData("lstk aws", "s3 acme", "s3")]
    [InlineData("lstk aws", "s3api put-object --bucket acme", "s3api put-object")]
    [InlineData("lstk aws", "s3api ls", "s3api")]
    [InlineData("lstk aws", "sqs create-queue acme", "sqs create-queue")]
    [InlineData("lstk aws", "sqs acme", "sqs")]
    [InlineData("lstk aws", "configservice describe-config-rules", "configservice describe-config-rules")]
    [InlineData("lstk aws", "deploy list-applications", "deploy list-applications")]
    [InlineData("lstk aws", "wafv2 list-web-acls", "wafv2 list-web-acls")]
    [InlineData("lstk aws", "dynamodb execute-statement", "dynamodb execute-statement")]
    [InlineData("lstk aws", "ec2 describe-vp-cs", "ec2 describe-vpcs")]
    [InlineData("lstk aws", "ec2 Describe-Vpcs", "ec2")]
    [InlineData("lstk aws", "ec2 wait instance-running", "ec2")]
    [InlineData("lstk aws", "acme ls", null)]
    [InlineData("lstk aws", "--profile acme", null)]
    [InlineData("lstk terraform", "init acme", "init")]
    [InlineData("lstk terraform", "acme", null)]
    [InlineData("lstk cdk", "destroy", "destroy")]
    [InlineData("lstk", "start", "start")]
    [InlineData("lstk other", "start", null)]
    [InlineData("other", "start", null)]
    [InlineData("lstk start", "acme", null)]
    [InlineData("lstk aws", "", null)]
    public void A_subcommand_is_looked_up_under_its_command(string command, string words, string? subcommand) =>
        Assert.Equal(subcommand, CliCatalog.Subcommand(command, words));

    [Theory]
    [InlineData("localstack config validate", "file", "file")]
    [InlineData("localstack config validate", "--file", "file")]
    [InlineData("localstack config validate", "name=jane", null)]
    [InlineData("localstack config validate", "acme", null)]
    [InlineData("localstack config validate", "debug", "debug")]
    [InlineData("localstack stop", "file", null)]
    [InlineData("localstack start", "no_banner", "no_banner")]
    [InlineData("localstack start", "no-banner", "no_banner")]
    [InlineData("localstack start", "--Docker", null)]
    [InlineData("localstack extensions list", "verbose", "verbose")]
    [InlineData("lstk snapshot load", "--dry-run", "dry-run")]
    [InlineData("lstk start", "--persist", "persist")]
    [InlineData("lstk stop", "--non-interactive", "non-interactive")]
    [InlineData("lstk stop", "---json", null)]
    [InlineData("lstk aws s3 mb", "--json", "json")]
    [InlineData("lstk aws s3 mb", "--bucket", null)]
    [InlineData("lstk other", "--json", "json")]
    [InlineData("other", "--json", null)]
    [InlineData("lstk start", "--", null)]
    [InlineData("lstk start", "", null)]
    public void A_parameter_belongs_to_the_command_or_one_of_its_parents(string command, string parameter, string? name) =>
        Assert.Equal(name, CliCatalog.Parameter(command, parameter));

    [Fact]
    public void Every_line_of_the_catalog_can_be_typed()
    {
        foreach (var columns in Lines.Select(line => line.Split('\t')))
        {
            Assert.Equal(3, columns.Length);
            var command = $"{columns[0]} {columns[1]}".TrimEnd();
            Assert.Equal(command, CliCatalog.Command(command + " ‹a value›", null) is var kept && columns[1].Length == 0
                ? kept!.Replace(" other", "", StringComparison.Ordinal) : kept);
            foreach (var name in columns[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)) Assert.Equal(
                name, CliCatalog.Parameter(command, "--" + name));
        }
    }

    /// <summary>For any command line typed from random words, the stored part is in the catalog.</summary>
    [Fact]
    public void The_kept_part_of_any_command_line_is_in_the_catalog()
    {
        string[] words =
        [
            .. Lines.SelectMany(line => line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries)).Distinct(), "hunter",
            "acme-payroll", "ls-token", "--name", "ext:jane",
            "s3", "sqs", "mb", "ls", "create-queue", "describe-vpcs", "password", "arn:aws:s3:::acme", "Ünïcode", "-", "--", "other",
            "s3api", "list-buckets", "LOCALSTACK",
        ];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            string Line(int most) => string.Join(' ', Enumerable.Range(0, random.Next(most)).Select(_ => words[random.Next(words.Length)]));
            var lstk = random.Next(2) == 0;
            var command = CliCatalog.Command((random.Next(2) == 0 && !lstk ? "localstack " : "") + Line(6), lstk ? "lstk" : null);
            if (command is null) continue;
            var whole = CliCatalog.Subcommand(command, Line(4)) is { } subcommand ? $"{command} {subcommand}" : command;
            Assert.True(IsInCatalog(whole), $"seed {seed}: {whole}");
            var name = CliCatalog.Parameter(whole, words[random.Next(words.Length)]);
            Assert.True(name is null || Parameters.Contains(name), $"seed {seed}: {name}");
        }
    }

    private static bool IsInCatalog(string command)
    {
        const string aws = "lstk aws ";
        if (!command.StartsWith(aws, StringComparison.Ordinal)) return Commands.Contains(command);
        var words = command[aws.Length..].Split(' ');
        var service = words[0] switch { "s3api" => "s3", "configservice" => "config", "deploy" => "codedeploy", var other => other };
        return AwsCatalog.IsService(service) && words.Length <= 2
            && (words.Length == 1 || words[1] is "cp" or "ls" or "mb" or "mv" or "presign" or "rb" or "rm" or "sync" or "website"
                || AwsCatalog.CommandOf(service, words[1]) == words[1]);
    }
}
