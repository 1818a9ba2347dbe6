"""The allow-list: the kept fields, and the shape of each. The same fields as in functions/Policy/policy.json; a pattern and a length
replace its catalogs of known names and its redaction."""
import re


def text(most, pattern):
    match = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and len(value) <= most and match(value) is not None


def flag(value):
    return isinstance(value, bool)


def integer(least, most):
    return lambda value: type(value) is int and least <= value <= most


def name(most):
    return text(most, r"[\w.:-]+")


def printable(most):
    return text(most, r"[\t\n\x20-\x7e]*")


UUID = text(36, r"(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")

# Field, name under which it is kept, check, required, lowest status code.
CALL = {
    "metadata": (
        ("session_id", "session_id", UUID, False, 0),
        ("client_time", "client_time", text(26, r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}"), False, 0),
    ),
    "payload": (
        ("service", "service", name(64), True, 0),
        ("operation", "operation", name(128), True, 0),
        ("status_code", "status_code", integer(100, 599), True, 0),
        ("err_type", "err_type", name(128), False, 400),
        ("err_msg", "err_msg", printable(1024), False, 400),
        ("stack_trace", "stack_trace", printable(8192), False, 500),
        ("is_internal", "is_internal", flag, False, 0),
        ("region", "region", name(64), False, 0),
        ("account_id", "account_id", text(12, r"\d{12}"), False, 0),
        ("user_agent", "user_agent", printable(256), False, 0),
    ),
}

SESSION = {
    "metadata": (),
    "payload": (
        ("session_id", "session_id", UUID, True, 0),
        ("machine_id", "machine", text(68, r"(?:(?:dkr|sys|gen)_)?[0-9A-Za-z-]{1,64}"), False, 0),
        ("api_key", "credential", text(256, r"[\x21-\x7e]{1,256}"), False, 0),
        ("system", "system", printable(128), False, 0),
        ("version", "version", printable(128), False, 0),
        ("is_ci", "is_ci", flag, False, 0),
        ("is_docker", "is_docker", flag, False, 0),
        ("is_testing", "is_testing", flag, False, 0),
        ("edition", "edition", name(64), False, 0),
    ),
}


def clean(event, rule, stripped):
    """Keeps the fields that the rule names and counts stripped ones; None for an event that lacks a required field."""
    kept = {}
    for part, fields in rule.items():
        sent = event.get(part)
        if not isinstance(sent, dict):
            sent = {}
        seen = 0
        for source, target, is_good, required, errors_from in fields:
            value = sent.get(source)
            if source in sent:
                seen += 1
            if value is not None and is_good(value) and (not errors_from or kept["status_code"] >= errors_from):
                kept[target] = value
            elif required:
                return None
            elif value is not None:
                key = f"{event['name']}.{part}.{source}"
                stripped[key] = stripped.get(key, 0) + 1
        if len(sent) > seen:
            key = f"{event['name']}.{part}.other"
            stripped[key] = stripped.get(key, 0) + len(sent) - seen
    return kept
