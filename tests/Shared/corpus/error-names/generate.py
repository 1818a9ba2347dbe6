#!/usr/bin/env python3
"""The kept error types: every exception in botocore's service descriptions, every code in moto's answers (a CamelCase string with a word that is
typical of errors, in its exceptions.py and responses.py files), the exceptions of botocore and of Python, and a few of LocalStack, urllib3 and
http.client that a 500 contains.

Writes the sorted names.txt to its own folder; ../error-messages/README.md explains how the embedded list is generated from it. Needs botocore and
moto; written with botocore 1.43.11 and moto 5.2.1.
"""
import builtins
import gzip
import inspect
import json
import pathlib
import re

import botocore
import botocore.exceptions
import moto

CODE = re.compile(r"""["']([A-Z][A-Za-z]+(?:\.[A-Za-z]+)*)["']""")
SAID_OF_ERRORS = re.compile(
    "Exception|Error|Fault|NotFound|NonExist|Invalid|Failure|Exists|Denied|Malformed|InUse|Exceeded|Violation|Unknown|NoSuch|Unsupported|Incorrect")

names = set()
for path in pathlib.Path(botocore.__file__).parent.glob("data/*/*/service-2.json*"):
    description = json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
    for name, shape in description["shapes"].items():
        if shape.get("exception"):
            names.update((name, shape.get("error", {}).get("code") or name))
for path in pathlib.Path(moto.__file__).parent.rglob("*.py"):
    if "exceptions" in path.name or "responses" in path.name:
        names.update(code for code in CODE.findall(path.read_text()) if SAID_OF_ERRORS.search(code))

for module in (builtins, botocore.exceptions):
    names.update(name for name, member in vars(module).items()
                 if inspect.isclass(member) and issubclass(member, BaseException) and not issubclass(member, Warning))
names.update("""CancelledError CommonServiceException ConnectTimeoutError EndpointConnectionError IncompleteRead JSONDecodeError MaxRetryError
NewConnectionError ProtocolError ReadTimeoutError RemoteDisconnected SSLError ServiceException""".split())

pathlib.Path(__file__).with_name("names.txt").write_text("".join(f"{name}\n" for name in sorted(names)))
