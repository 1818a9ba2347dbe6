#!/usr/bin/env python3
"""Real AWS error messages with invented resource names, for the tests of the redactor.

Really calls every operation of the services that moto simulates (boto3 against moto in this process, no network), with
parameters built from botocore's own service descriptions and names of many kinds. The errors are written to the file:

    {"service", "operation", "code", "message", "kind", "names": [...], "spans": [[start, length], ...]}

`kind` is the kind of name in the call, `names` are the texts in the message that are not part of its wording (resource names,
and the ARNs, account ids and generated ids around them), `spans` are their positions (UTF-16 code units). Names that are plain
words ("table", "status") also occur in a message's wording, so each call is made a second time with markers that no message
contains, and only messages that are otherwise equal are used.

A message's text without its names is its template. Templates are split into two halves, one on the even lines (0, 2, …) and one
on the odd lines: only the even half is used to write rules.

usage: generate.py [--seed 1] [--out messages.jsonl] [--services s3,sqs] [--per-template 3]
"""
import argparse
import hashlib
import io
import json
import os
import random
import re
import signal
import sys

try:
    import boto3
    import botocore.exceptions
    from botocore import xform_name
    from botocore.config import Config
    from moto import mock_aws
    from moto.backend_index import backend_url_patterns
    from moto.moto_api._internal import mock_random
except ImportError as missing:
    sys.exit(f"generate.py needs the Python packages boto3 and moto[all] ({missing}): pip install boto3 'moto[all]'")

# Words that AWS's messages do not contain, and words that they do.
OWN = ("heron walrus gilbert acme quokka zephyr otter marlin dunlin falcon bramble thistle juniper copperfield northwind ledgerly "
       "payroll checkout invoicing basket shopfront warehouse telemetrics clickstream nightly staging2 blumenthal okonkwo").split()
PLAIN = ("table data status error primary default backup user users admin test access log logs event events config order key value "
         "state version queue bucket function topic stream role rule group cluster index snapshot image task job report public "
         "private internal main master query worker client server service session token file message record history schedule").split()
UNICODE = ["größe-reiher", "données", "注文キュー", "бухгалтерия", "orders\u200b-tab", "naïve-walrus", "ｔａｂｌｅ", "tаble", "café", "Ωmega-7"]


class Names:
    """Names of one kind: one for each member name, and the same one each time."""

    KINDS = ("word", "hyphen", "dot", "camel", "digits", "short", "long", "unicode", "underscore", "plain", "plain-hyphen", "plain-camel",
             "plain-dot", "hex", "spaced")

    def __init__(self, kind, seed):
        self.kind, self.seed, self.made = kind, seed, {}

    def of(self, member):
        member = re.sub(r"(Name|Id|Identifier|Arn|ARN)s?$", "", member).lower()
        if member not in self.made:
            rng = random.Random(f"{self.seed}/{self.kind}/{member}")
            for _ in range(50):
                name = self.make(rng)
                if name not in self.made.values():
                    break
            self.made[member] = name
        return self.made[member]

    def make(self, r):
        own, plain = lambda: r.choice(OWN), lambda: r.choice(PLAIN)
        return {
            "word": own,
            "hyphen": lambda: "-".join((own(), plain(), *([str(r.randint(1, 99))] if r.random() < .5 else []))),
            "dot": lambda: ".".join((plain(), own(), r.choice(("io", "com", "internal", "v2")))),
            "camel": lambda: r.choice((str.capitalize, str))(own()) + plain().capitalize() + r.choice(("", own().capitalize())),
            "digits": lambda: own()[:r.randint(2, 5)] + str(r.randint(10, 99999)) + r.choice(("", own()[:3])),
            "short": lambda: "".join(r.choice("bcdfghjklmnpqrstvwxz") for _ in range(3)),
            "long": lambda: "-".join(r.choice(OWN + PLAIN) for _ in range(12))[:63].strip("-"),
            "unicode": lambda: r.choice(UNICODE) + str(r.randint(2, 9)),
            "underscore": lambda: f"{plain()}_{own()}_{plain()}",
            "plain": plain,
            "plain-hyphen": lambda: f"{plain()}-{plain()}",
            "plain-camel": lambda: plain().capitalize() + plain().capitalize(),
            "plain-dot": lambda: f"{plain()}.{plain()}",
            "hex": lambda: f"{r.getrandbits(64):016x}",
            "spaced": lambda: " ".join((own().capitalize(), plain().capitalize(), *([own().capitalize()] if r.random() < .5 else []))),
        }[self.kind]()


class Markers(Names):
    """A separate text for each name of another instance, which no message contains."""

    def __init__(self, other):
        self.other, self.back = other, {}

    def of(self, member):
        name = self.other.of(member)
        marker = "qzq" + hashlib.sha256(name.encode()).hexdigest()[:10].translate(str.maketrans("0123456789", "ghijklmnop")) + "qzq"
        self.back[marker] = name
        return marker


def build(shape, member, service, names, rng, optional, depth=0):
    kind = shape.type_name
    if kind == "string":
        if getattr(shape, "enum", None):
            return rng.choice(shape.enum)
        name = names.of(member or "name")
        if re.search(r"(Arn|ARN|arn)$", member or ""):
            return f"arn:aws:{service}:us-east-1:123456789012:{member[:-3].lower() or 'resource'}/{name}"
        if re.search(r"(Url|URL|Uri|URI)$", member or ""):
            return f"https://{service}.us-east-1.amazonaws.com/123456789012/{name}"
        return name
    if kind in ("integer", "long"):
        low = int(shape.metadata.get("min", 1))
        return rng.choice((low, int(min(shape.metadata.get("max", low + 4), 10**6))))
    if kind in ("float", "double"):
        return 1.5
    if kind == "boolean":
        return rng.random() < .5
    if kind == "timestamp":
        return "2026-01-02T03:04:05Z"
    if kind == "blob":
        return b"{}"
    if kind == "list":
        return [build(shape.member, member, service, names, rng, optional, depth + 1) for _ in range(max(1, shape.metadata.get("min", 1)))][:20]
    if kind == "map":
        key = build(shape.key, member, service, names, rng, optional, depth + 1)
        return {key: build(shape.value, "value", service, names, rng, optional, depth + 1)}
    if kind == "structure":
        if depth > 6:
            return {}
        if getattr(shape, "is_tagged_union", False):
            first = rng.choice(list(shape.members))
            return {first: build(shape.members[first], first, service, names, rng, optional, depth + 1)}
        wanted = set(shape.required_members) | {m for m in sorted(shape.members) if rng.random() < optional / (1 + depth)}
        return {m: build(s, m, service, names, rng, optional, depth + 1) for m, s in shape.members.items() if m in wanted}
    raise ValueError(kind)


class Late(BaseException):
    pass


def late(*_):
    raise Late


def services(wanted):
    known = {re.sub("[^a-z0-9]", "", s): s for s in boto3.session.Session().get_available_services()} | {"awslambda": "lambda"}
    played = {known[n] for n, _ in backend_url_patterns if n in known}
    return sorted(played if wanted is None else played & set(wanted))


def failures(service, names, seed, optional):
    """The errors of one service's operations as (key, operation, code, message), in a reproducible order."""
    mock_random.seed(seed)
    random.seed(seed)
    with mock_aws(config={"lambda": {"use_docker": False}, "batch": {"use_docker": False}}):
        client = boto3.client(service, region_name="us-east-1", config=Config(
            retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=2, s3={"addressing_style": "path"}))
        model = client.meta.service_model
        operations = sorted(model.operation_names)
        create = [o for o in operations if re.match("Create|Put|Register|Start|Add|Run|Import|Publish", o)]
        rest = [o for o in operations if o not in create]
        remove = [o for o in rest if re.match("Delete|Remove|Deregister|Terminate|Stop|Disable|Disassociate|Detach|Untag", o)]
        plan = [("before", rest), ("create", create), ("again", create), ("after", [o for o in rest if o not in remove]), ("end", remove)]
        for phase, some in plan:
            for operation in some:
                shape = model.operation_model(operation).input_shape
                rng = random.Random(f"{seed}/{service}/{operation}")
                try:
                    arguments = build(shape, None, service, names, rng, optional) if shape else {}
                    method = getattr(client, xform_name(operation))
                    signal.setitimer(signal.ITIMER_REAL, 15)
                    method(**arguments)
                except botocore.exceptions.ClientError as error:
                    told = error.response.get("Error", {})
                    yield f"{phase}/{operation}", operation, str(told.get("Code", "")), str(told.get("Message", ""))
                except (Exception, Late):  # moto does not simulate the operation, or fails: not a message from AWS
                    pass
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)


# Besides the invented names: ARNs, account ids, UUIDs, addresses, URLs and ids that moto generated.
IDS = re.compile(r"arn:[\w-]+:[^\s'\",)\]]+|https?://[^\s'\",)\]]+|\b\d{12}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b"
                 r"|\b(?:\d{1,3}\.){3}\d{1,3}(?:/\d+)?\b|\b(?=[\w-]*\d[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z][\w-]{7,}\b|\b[A-Z0-9]{13,}\b")


def spans(marked, back):
    """The message with its names instead of the markers, and their positions, including ARNs and ids around them."""
    text, found, at = io.StringIO(), [], 0
    for hit in re.finditer("qzq[a-p]{10}qzq", marked):
        text.write(marked[at:hit.start()])
        name = back[hit.group()]
        found.append((text.tell(), name))
        text.write(name)
        at = hit.end()
    text.write(marked[at:])
    message = text.getvalue()
    ranges = [(start, start + len(name)) for start, name in found]
    for hit in IDS.finditer(message):
        ranges.append(hit.span())
    merged = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return message, merged


def utf16(text, position):
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def collect(service, kind, seed, optional):
    names = Names(kind, seed)
    markers = Markers(names)
    told = {key: (code, message) for key, _, code, message in failures(service, names, seed, optional)}
    for key, operation, code, marked in failures(service, markers, seed, optional):
        if key not in told or told[key][0] != code or not marked.strip() or len(marked) > 3000:
            continue
        message, ranges = spans(marked, markers.back)
        if message != told[key][1]:
            continue
        template = re.sub("qzq[a-p]{10}qzq", "#", marked)
        template = re.sub(r"[0-9a-f]{6,}|\d+", "0", IDS.sub("#", template))
        where = [[utf16(message, a), utf16(message, b) - utf16(message, a)] for a, b in ranges]
        yield template, {"service": service, "operation": operation, "code": code, "message": message, "kind": kind,
                         "names": sorted({message[a:b] for a, b in ranges}), "spans": where}


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "messages.jsonl"))
    ask.add_argument("--services")
    ask.add_argument("--per-template", type=int, default=3)
    a = ask.parse_args()
    os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="us-east-1",
                      HTTPS_PROXY="", HTTP_PROXY="", AWS_EC2_METADATA_DISABLED="true")
    signal.signal(signal.SIGALRM, late)
    rng = random.Random(a.seed)
    halves, seen = ({}, {}), set()
    for number, service in enumerate(todo := services(a.services.split(",") if a.services else None)):
        for turn, kind in enumerate(rng.sample(Names.KINDS, 5)):
            for template, row in collect(service, kind, a.seed * 1000 + turn, (0, .5)[turn % 2]):
                # The half depends only on the template, so that a second corpus with another seed has the same split.
                half = halves[hashlib.sha256(template.encode()).digest()[0] % 2]
                rows = half.setdefault(template, [])
                if len(rows) < a.per_template and row["message"] not in seen and all(r["kind"] != kind for r in rows):
                    rows.append(row)
                    seen.add(row["message"])
        print(f"{number + 1}/{len(todo)} {service}: {sum(len(r) for h in halves for r in h.values())} messages of "
              f"{sum(map(len, halves))} templates", file=sys.stderr)
    flat = [[row for rows in half.values() for row in rows] for half in halves]
    with open(a.out, "w", encoding="utf-8") as out:
        for even, odd in zip(*flat):
            for row in (even, odd):
                out.write(json.dumps(row, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
