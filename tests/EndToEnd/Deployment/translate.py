"""Turns a packaged SAM template into plain CloudFormation, as AWS does before it deploys one."""
import json
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """The template uses none of SAM's policies."""

    def load(self):
        return {}


with open(sys.argv[1], encoding="utf-8") as template:
    json.dump(transform(yaml_parse(template.read()), {}, NoManagedPolicies()), sys.stdout)
