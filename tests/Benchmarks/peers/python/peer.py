"""The two routes, POST /session and POST /events, in a loop smaller than that of Lambda's managed runtime: asks for an event, answers it
and asks again, on one connection."""
import base64
import gzip
import hashlib
import http.client
import json
import os
import sys

import store
from fields import CALL, SESSION, clean

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answer(status, body):
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body, separators=(",", ":")), "isBase64Encoded": False}


def bytes_of(request):
    body = request.get("body") or ""
    content = base64.b64decode(body) if request.get("isBase64Encoded") else body.encode()
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def parse(content):
    try:
        return json.loads(content)
    except ValueError:
        return None


def session(request):
    event = parse(bytes_of(request))
    facts = clean(event, SESSION, {}) if isinstance(event, dict) and event.get("name") == "session" else None
    if facts is None:
        return answer(400, {"title": "Bad Request", "status": 400})
    session_id = facts.pop("session_id")
    edition = facts.pop("edition", None)
    for field in ("machine", "credential"):
        if field in facts:
            facts[field] = store.fingerprint(field, facts[field].encode())
    facts["standing"] = "pro" if "credential" in facts and edition not in ("community", "s3") else "community"
    if store.is_excluded(session_id, facts.get("credential")):
        return answer(200, {"track_events": False})
    store.register(session_id, facts)
    return answer(200, {"track_events": not facts.get("is_testing")})


def events(request):
    content = bytes_of(request)
    body = parse(content)
    sent = body.get("events") if isinstance(body, dict) else None
    if not isinstance(sent, list) or len(sent) > 2000:
        return answer(400, {"title": "Bad Request", "status": 400})
    statuses = {}
    digest = hashlib.sha256(content).digest()
    items, stripped, dropped = {}, {}, []
    for index, event in enumerate(sent):
        is_call = isinstance(event, dict) and event.get("name") == "aws_request"
        session_id = (event.get("metadata") or {}).get("session_id") if is_call else None
        kept = None
        if isinstance(session_id, str):
            if session_id not in statuses:
                statuses[session_id] = store.status_of(session_id)
            if statuses[session_id] == "pro":
                kept = clean(event, CALL, stripped)
        if kept is None:
            dropped.append({"index": index, "reason": "invalid" if is_call else "unknown_event"})
            continue
        del kept["session_id"]
        if session_id not in items:
            items[session_id] = ([], kept.get("client_time", "0"))
        items[session_id][0].append(kept)
    stored = duplicates = 0
    for session_id, (calls, first) in items.items():
        data = gzip.compress(json.dumps({"calls": calls, "stored": len(calls)}, separators=(",", ":")).encode(), 6)
        receipt = store.fingerprint("receipt of calls of " + session_id, digest)
        if store.append("session#" + session_id, f"{first}#{receipt}", data):
            stored += len(calls)
        else:
            duplicates += len(calls)
    return answer(200, {"received": len(sent), "stored": stored, "duplicates": duplicates, "dropped": dropped, "stripped": stripped})


def main():
    handle = session if os.environ["_HANDLER"] == "Session" else events
    host, _, path = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    api = http.client.HTTPConnection(host)
    runtime = (f"/{path}" if path else "") + "/2018-06-01/runtime/invocation/"
    while True:
        api.request("GET", runtime + "next")
        response = api.getresponse()
        invocation = response.headers["Lambda-Runtime-Aws-Request-Id"]
        event = response.read()
        try:
            result, end = handle(json.loads(event)), "/response"
        except Exception as error:  # Lambda is told, and gives the next event.
            print(error, file=sys.stderr)
            result, end = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []}, "/error"
        api.request("POST", runtime + invocation + end, json.dumps(result, separators=(",", ":")), {"Content-Type": "application/json"})
        api.getresponse().read()


main()
