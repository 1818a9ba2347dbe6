// The allow-list: the kept fields, and the shape of each. The same fields as in functions/Policy/policy.json; a pattern
// and a length replace its catalogs of known names and its redaction.
const text = (most, pattern) => (value) => typeof value === "string" && value.length <= most && pattern.test(value);
const flag = (value) => typeof value === "boolean";
const integer = (least, most) => (value) => Number.isInteger(value) && value >= least && value <= most;
const uuid = text(36, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i);
const name = (most) => text(most, /^[\w.:-]+$/);
const printable = (most) => text(most, /^[\t\n\x20-\x7e]*$/);

const call = {
  metadata: [
    ["session_id", "session_id", uuid],
    ["client_time", "client_time", text(26, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}$/)],
  ],
  payload: [
    ["service", "service", name(64), true],
    ["operation", "operation", name(128), true],
    ["status_code", "status_code", integer(100, 599), true],
    ["err_type", "err_type", name(128), false, 400],
    ["err_msg", "err_msg", printable(1024), false, 400],
    ["stack_trace", "stack_trace", printable(8192), false, 500],
    ["is_internal", "is_internal", flag],
    ["region", "region", name(64)],
    ["account_id", "account_id", text(12, /^\d{12}$/)],
    ["user_agent", "user_agent", printable(256)],
  ],
};

const session = {
  metadata: [],
  payload: [
    ["session_id", "session_id", uuid, true],
    ["machine_id", "machine", text(68, /^(?:(?:dkr|sys|gen)_)?[0-9A-Za-z-]{1,64}$/)],
    ["api_key", "credential", text(256, /^[\x21-\x7e]{1,256}$/)],
    ["system", "system", printable(128)],
    ["version", "version", printable(128)],
    ["is_ci", "is_ci", flag],
    ["is_docker", "is_docker", flag],
    ["is_testing", "is_testing", flag],
    ["edition", "edition", name(64)],
  ],
};

export const rules = { aws_request: call, session };

// Keeps the fields that the rule names and counts stripped ones; null for an event that lacks a required field.
export function clean(event, rule, stripped) {
  const kept = {};
  for (const part of ["metadata", "payload"]) {
    const sent = event[part];
    const fields = rule[part];
    let seen = 0;
    for (const [from, as, isGood, required, errorsFrom] of fields) {
      const value = sent?.[from];
      if (value !== undefined) seen++;
      if (value !== undefined && value !== null && isGood(value) && (errorsFrom === undefined || kept.status_code >= errorsFrom)) {
        kept[as] = value;
      } else if (required) {
        return null;
      } else if (value !== undefined && value !== null) {
        count(stripped, `${event.name}.${part}.${from}`);
      }
    }
    if (sent && Object.keys(sent).length > seen) {
      for (const from of Object.keys(sent)) {
        if (!fields.some((field) => field[0] === from)) count(stripped, `${event.name}.${part}.other`);
      }
    }
  }
  return kept;
}

function count(numbers, key) {
  numbers[key] = (numbers[key] ?? 0) + 1;
}
