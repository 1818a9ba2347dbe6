"""DynamoDB as boto3's guide recommends it for Lambda: one low-level client outside the handler, persistent connections, short timeouts,
standard retries, and no validation of parameters that this code creates itself."""
import hashlib
import hmac
import os
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

client = boto3.client(
    "dynamodb",
    region_name=os.environ["AWS_REGION"],
    endpoint_url=os.environ["AWS_ENDPOINT_URL_DYNAMODB"],
    config=Config(
        connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3}, tcp_keepalive=True,
        parameter_validation=False),
)

SESSIONS = os.environ["SESSIONS_TABLE"]
CALLS = os.environ["CALLS_TABLE"]
SECRET = os.environ["FINGERPRINT_SECRET"].encode()
POLICY = hashlib.sha256(b"policy").digest()
REMEMBERS = os.environ.get("REMEMBER_SESSIONS") == "true"
keys = {}
known = {}


def fingerprint(purpose, content):
    """Keyed fingerprints, 32 hexadecimal digits, with a separate key for each purpose (HKDF)."""
    key = keys.get(purpose)
    if key is None:
        extracted = hmac.digest(b"\0" * 32, SECRET, "sha256")
        key = keys[purpose] = hmac.digest(extracted, purpose.encode() + b"\1", "sha256")
    return "01" + hmac.digest(key, content, "sha256").hex()[:30]


def status_of(session_id):
    now = time.time()
    if REMEMBERS and (last := known.get(session_id)) and now - last[1] < 45:
        return last[0]
    item = client.get_item(
        TableName=SESSIONS, Key={"session_id": {"S": session_id}}, ConsistentRead=True,
        ProjectionExpression="standing,active_on,started_at").get("Item", {})
    status = item.get("standing", {}).get("S", "community")
    if REMEMBERS and "started_at" in item:
        if len(known) >= 1000:
            known.clear()
        known[session_id] = (status, now)
    return status


def append(source, receipt, data):
    """Adds an item to the log of a session's calls; False when it exists already."""
    now = time.time()
    return if_it_holds(
        client.put_item, TableName=CALLS, ConditionExpression="attribute_not_exists(receipt)",
        Item={
            "source": {"S": source}, "receipt": {"S": receipt}, "at": {"N": str(int(now * 1000))}, "data": {"B": data},
            "policy": {"B": POLICY}, "expires_at": {"N": str(int(now) + 90 * 86_400)},
        })


def is_excluded(session_id, credential):
    """Whether the session was deleted or its owner opted out: one read for both."""
    names = ["erased#" + fingerprint("erased session", session_id.encode())]
    if credential:
        names.append("tracking#" + fingerprint("tracking preference", credential.encode()))
    answer = client.batch_get_item(RequestItems={SESSIONS: {
        "Keys": [{"session_id": {"S": mark}} for mark in names], "ConsistentRead": True, "ProjectionExpression": "session_id,expires_at"}})
    return bool(answer.get("Responses", {}).get(SESSIONS))


def register(session_id, facts):
    """Registers a session once; False when it was registered before."""
    now = time.time()
    values = {"started_at": {"N": str(int(now * 1000))}, "policy": {"B": POLICY},
              "active_on": {"S": time.strftime("%Y-%m-%d", time.gmtime(now))}, "expires_at": {"N": str(int(now) + 90 * 86_400)}}
    for field, value in facts.items():
        values[field] = {"BOOL": value} if isinstance(value, bool) else {"S": value}
    sets = [f"#{i} = if_not_exists(#{i}, :{i})" if field == "standing" else f"#{i} = :{i}" for i, field in enumerate(values)]
    return if_it_holds(
        client.update_item, TableName=SESSIONS, Key={"session_id": {"S": session_id}}, UpdateExpression="SET " + ", ".join(sets),
        ConditionExpression="attribute_not_exists(started_at)",
        ExpressionAttributeNames={f"#{i}": field for i, field in enumerate(values)},
        ExpressionAttributeValues={f":{i}": value for i, value in enumerate(values.values())})


def if_it_holds(write, **request):
    try:
        write(**request)
        return True
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
