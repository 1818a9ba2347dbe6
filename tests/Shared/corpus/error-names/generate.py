#!/usr/bin/env python3
"""AWS's own error names, for the tests of what may be kept as one: every exception that botocore's service descriptions name, and every code that
moto answers with (a string of CamelCase with a word that errors have, in its exceptions.py and responses.py files).

Writes names.txt beside itself, sorted; those of them that the vocabulary does not spell stand in functions/Redaction/catalog/error-names.txt, as a test
says. Needs botocore and moto; written with botocore 1.43.11 and moto 5.2.1.
"""
import gzip
import json
import pathlib
import re

import botocore
import moto

CODE = re.compile(r"""["']([A-Z][A-Za-z]+(?:\.[A-Za-z]+)*)["']""")
SAID_OF_ERRORS = re.compile(
    "Exception|Error|Fault|NotFound|Invalid|Failure|Exists|Denied|Malformed|InUse|Exceeded|Violation|Unknown|NoSuch|Unsupported|Incorrect")

names = set()
for path in pathlib.Path(botocore.__file__).parent.glob("data/*/*/service-2.json*"):
    description = json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
    for name, shape in description["shapes"].items():
        if shape.get("exception"):
            names.add(shape.get("error", {}).get("code") or name)
for path in pathlib.Path(moto.__file__).parent.rglob("*.py"):
    if "exceptions" in path.name or "responses" in path.name:
        names.update(code for code in CODE.findall(path.read_text()) if SAID_OF_ERRORS.search(code))

pathlib.Path(__file__).with_name("names.txt").write_text("".join(f"{name}\n" for name in sorted(names)))
