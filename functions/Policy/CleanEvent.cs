using Collector.Redaction;

namespace Collector.Policy;

/// <summary>
/// An event with only those fields that the policy allows. Its constructors are private and its factories take <see cref="CleanFields"/>,
/// which only the policy's rules create. The tables take only <c>CleanEvent</c>s, so fields that are not allowed cannot be stored.
/// </summary>
internal abstract class CleanEvent
{
    private CleanEvent()
    {
    }

    /// <summary>Creates the event for a rule's kind and the session's tier; null when no data is left.</summary>
    public static CleanEvent? From(EventRule rule, CleanFields fields, Tier tier) => rule.Kind switch
    {
        EventKind.Session => new Session(fields),
        EventKind.Call when tier == Tier.Pro => new Call(fields),
        EventKind.Call => new Counts([new Count(fields, 1)]),
        EventKind.Count => Counts.From(fields.List("api_calls")),
        EventKind.Cli => new Cli(fields),
        EventKind.Feature => Features.From(rule.Name, fields),
        EventKind.Activation => new Activation(fields),
        _ => null,
    };

    /// <summary>A session at its start: the documented fields, with the credential and the machine as fingerprints.</summary>
    internal sealed class Session : CleanEvent
    {
        internal Session(CleanFields fields)
        {
            Id = fields.Text("session_id")!;
            Credentials = fields.Credentials("credential");
            Machine = fields.Text("machine");
            System = fields.Text("system");
            Version = fields.Text("version");
            IsCi = fields.Flag("is_ci");
            IsDocker = fields.Flag("is_docker");
            IsTesting = fields.Flag("is_testing");
            // Older versions send no edition. Editions are image names; only the community images show that the credential is not used.
            Tier = Credential is not null && fields.Text("tier") is not "community" ? Tier.Pro : Tier.Community;
        }

        public string Id { get; }

        /// <summary>The fingerprint under which the session is stored.</summary>
        public string? Credential => Credentials.Count > 0 ? Credentials[0] : null;

        /// <summary>All fingerprints of the credential: more than one during a rotation of the secret.</summary>
        public IReadOnlyList<string> Credentials { get; }

        public string? Machine { get; }

        public string? System { get; }

        public string? Version { get; }

        public bool IsCi { get; }

        public bool IsDocker { get; }

        public bool IsTesting { get; }

        public Tier Tier { get; }
    }

    /// <summary>One AWS call of a Pro session.</summary>
    internal sealed class Call : CleanEvent
    {
        internal Call(CleanFields fields)
        {
            SessionId = fields.Text("session_id")!;
            ClientTime = fields.Text("client_time");
            Fields = fields;
        }

        public string SessionId { get; }

        /// <summary>
        /// The time of the client's clock (<c>2022-08-30 12:27:25.556001</c>), by which the calls of a session are ordered.
        /// </summary>
        public string? ClientTime { get; }

        private CleanFields Fields { get; }

        /// <summary>The text that the policy keeps under this name (<c>as</c> in policy.json); null when there is none.</summary>
        public string? Text(string name) => Fields.Text(name);

        /// <summary>The number that the policy keeps under this name; a flag is 0 or 1.</summary>
        public long? Number(string name) => Fields.Number(name);
    }

    /// <summary>
    /// The number of calls per combination of service, operation and status code. Nothing else is kept of community calls (I5).
    /// </summary>
    internal sealed class Counts(IReadOnlyList<Count> entries) : CleanEvent
    {
        public IReadOnlyList<Count> Entries { get; } = entries;

        internal static Counts From(IReadOnlyList<CleanFields> list)
        {
            var entries = new Count[list.Count];
            for (var i = 0; i < entries.Length; i++) entries[i] = new Count(list[i], list[i].Number("count")!.Value);
            return new Counts(entries);
        }
    }

    internal readonly struct Count
    {
        internal Count(CleanFields fields, long calls)
        {
            Service = fields.Text("service")!;
            Operation = fields.Text("operation")!;
            Status = (int)fields.Number("status_code")!.Value;
            Calls = calls;
        }

        public string Service { get; }

        public string Operation { get; }

        public int Status { get; }

        public long Calls { get; }
    }

    /// <summary>
    /// A CLI invocation: the command and the names of its parameters, all of which are in the catalog of commands. Nothing in it identifies
    /// the user (I4).
    /// </summary>
    internal sealed class Cli : CleanEvent
    {
        internal Cli(CleanFields fields)
        {
            Command = fields.Text("subcommand") is { } subcommand ? $"{fields.Text("command")} {subcommand}" : fields.Text("command")!;
            Parameters = [.. fields.Texts("parameters").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }

        /// <summary>Program, command and subcommands with single spaces between them: <c>localstack config validate</c>.</summary>
        public string Command { get; }

        /// <summary>In ordinal order, without repeats. The order in which they were typed is not kept.</summary>
        public IReadOnlyList<string> Parameters { get; }
    }

    /// <summary>A licence activation, as the licensing backend reports it, without the host's name.</summary>
    internal sealed class Activation : CleanEvent
    {
        internal Activation(CleanFields fields)
        {
            Credential = fields.Credentials("credential")[0];
            Id = fields.Text("activation");
            IsCi = fields.Flag("is_ci");
        }

        public string Credential { get; }

        /// <summary>The fingerprint of the id that the backend assigned; null if it assigned none.</summary>
        public string? Id { get; }

        public bool IsCi { get; }
    }

    /// <summary>Uses of a feature, each with its labels, which separate the counters, and its sums.</summary>
    internal sealed class Features : CleanEvent
    {
        private Features(IReadOnlyList<FeatureUse> uses) => Uses = uses;

        public IReadOnlyList<FeatureUse> Uses { get; }

        internal static Features? From(string feature, CleanFields fields)
        {
            var uses = new List<FeatureUse>();
            var entries = false;
            for (var slot = 0; slot < fields.Rules.Count; slot++)
            {
                var rule = fields.Rules[slot].Document!;
                if (rule.Type is not (FieldType.List or FieldType.Texts or FieldType.Usage)) continue;
                entries = true;
                foreach (var entry in fields[slot].List ?? []) uses.Add(new FeatureUse(feature, entry));
                foreach (var text in fields[slot].Texts ?? []) uses.Add(new FeatureUse(feature, rule.As!, text));
            }

            if (!entries) uses.Add(new FeatureUse(feature, fields));
            return uses.Count == 0 ? null : new Features(uses);
        }
    }

    internal sealed class FeatureUse
    {
        internal FeatureUse(string feature, CleanFields fields)
        {
            Feature = feature;
            for (var slot = 0; slot < fields.Rules.Count; slot++)
            {
                var rule = fields.Rules[slot].Document!;
                var value = fields[slot];
                if (rule.Role == FieldRole.Label && value.Text is { } text) labels.Add(new(rule.As!, text));
                else if (rule.Role is FieldRole.Sum or FieldRole.Histogram && value.Number is { } number)
                    sums.Add(new(rule.As!, number, rule.Role == FieldRole.Histogram));
            }
        }

        internal FeatureUse(string feature, string label, string value)
        {
            Feature = feature;
            labels.Add(new(label, value));
        }

        private readonly List<KeyValuePair<string, string>> labels = [];
        private readonly List<FeatureSum> sums = [];

        public string Feature { get; }

        public IReadOnlyList<KeyValuePair<string, string>> Labels => labels;

        public IReadOnlyList<FeatureSum> Sums => sums;
    }

    internal readonly record struct FeatureSum(string Name, long Amount, bool Histogram);
}
