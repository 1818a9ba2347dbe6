#!/usr/bin/env bash
# Writes the documents that are made from the sources: docs/privacy.md (from policy.json) and docs/settings.md (from template.yaml).
# A test fails when one of them is out of date.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

write() {
  UPDATE_DOCS=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet test "$root/tests/Unit/Unit.csproj" -c Release -v q --nologo \
    --filter "FullyQualifiedName~Documents.GeneratedTests"
}

need_dotnet
progress "Writing docs/privacy.md and docs/settings.md" write || exit 1
