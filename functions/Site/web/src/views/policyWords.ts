/** Texts for the names in the policy and the ledger, shared by all views. */

/** The action of a rule on a field with a valid value. */
export const actions: Record<string, string> = {
  keep: "Kept if it has the expected format",
  drop: "Stripped",
  fingerprint_credential: "Only a keyed fingerprint is kept",
  fingerprint_machine: "Only a keyed fingerprint is kept",
  fingerprint_activation: "Only a keyed fingerprint is kept",
  redact_message: "Words are kept only in phrases that AWS or LocalStack writes; names, paths, addresses and values are removed",
  redact_trace: "Only LocalStack’s own lines are kept",
  cut_system: "Cut to the system’s name",
  cut_user_agent: "Cut to known tools and their versions",
  cut_version: "Cut to the version, without the hash after it",
  cut_command: "Cut to the commands that LocalStack’s own catalog lists",
  cut_subcommand: "Cut to the commands that the catalog lists; AWS operations are looked up",
  catalog_parameter: "Only names that the catalog lists for the command are kept, never values",
  cut_hour: "Stripped; the hour of arrival is stored instead",
  error_code: "Kept if AWS, its clients or Python define it; otherwise “other”",
  catalog_service: "Kept if it is an AWS service",
  catalog_region: "Kept if it is an AWS region; otherwise “other”",
  catalog_operation: "Kept if it is an operation of the service",
  derive_tier: "Only the tier is kept: Pro or community",
  metric_label: "Kept if it is one of LocalStack’s own labels; otherwise “other”",
  metric_label_value: "Kept if it is one of LocalStack’s or AWS’s own words; otherwise “other”",
};

/** Why an event was dropped. */
export const reasons: Record<string, string> = {
  not_collected: "The policy says that this event is not collected",
  unknown_event: "The policy does not know this event",
  wrong_endpoint: "Sent to the wrong route",
  invalid: "A required field is missing or invalid",
  opted_out: "Its owner or this deployment has opted out, or its session was deleted",
  too_many: "The request exceeds the limits for one request",
  implausible: "It claims more calls than a client can have made since its last report",
};

/** Why a field was removed. */
export const removals: Record<string, string> = {
  rule: "A rule removes it.",
  not_named: "No rule names it.",
  pro_only: "It is kept for Pro sessions only.",
  condition: "It is kept only together with another field: an error’s text only with an error’s status.",
  value: "It does not have the format that its rule keeps.",
  entry: "A required field of the entry is missing or invalid, or there are too many entries.",
};
