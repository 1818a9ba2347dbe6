/** The policy's and the ledger's names in words, for all views that show them. */

/** What a rule does with a field that has the right shape. */
export const actions: Record<string, string> = {
  keep: "Kept, if it has the right shape",
  drop: "Taken off",
  fingerprint_credential: "Only a keyed fingerprint is kept",
  fingerprint_machine: "Only a keyed fingerprint is kept",
  fingerprint_activation: "Only a keyed fingerprint is kept",
  redact_message: "Words are kept only where AWS or LocalStack writes them; names, paths, addresses and values are not",
  redact_trace: "Kept with LocalStack’s own lines only",
  cut_system: "Cut to the system’s name",
  cut_user_agent: "Cut to known tools and their versions",
  cut_version: "Cut to the version; the hash after it goes",
  cut_command: "Cut to the commands that LocalStack’s own catalog lists",
  cut_subcommand: "Cut to the commands that the catalog lists; AWS operations are looked up",
  catalog_parameter: "Names that the catalog lists for the command, never values",
  cut_hour: "Taken off; the hour it arrives in stands for it",
  error_code: "Kept, if AWS, its clients or Python define it; else “other”",
  catalog_service: "Kept, if it is an AWS service",
  catalog_region: "Kept, if it is an AWS region; else “other”",
  catalog_operation: "Kept, if it is an operation of that service",
  derive_tier: "Only Pro or community is kept",
  metric_label: "Kept, if it is one of LocalStack’s own labels; else “other”",
  metric_label_value: "Kept, if it is one of LocalStack’s and AWS’s own words; else “other”",
};

/** Why an event was dropped. */
export const reasons: Record<string, string> = {
  not_collected: "The policy says it is not collected",
  unknown_event: "The policy does not know it",
  wrong_endpoint: "Sent to another route than its own",
  invalid: "A field it can’t do without was missing or misshapen",
  opted_out: "Its owner, or this deployment, opted out",
  too_many: "More events in a request than one may hold",
};

/** Why a field was removed. */
export const removals: Record<string, string> = {
  rule: "A rule removes it.",
  not_named: "No rule names it.",
  pro_only: "It is kept of Pro sessions only.",
  condition: "It is kept only beside another field: an error’s text beside an error’s status.",
  value: "It does not have the shape that its rule keeps.",
  entry: "A field that each entry must have is missing or misshapen, or there are too many entries.",
};
