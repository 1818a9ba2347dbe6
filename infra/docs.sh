#!/usr/bin/env bash
# Writes the documents that are generated from the sources: docs/privacy.md (from policy.json), docs/settings.md
# (from template.yaml) and the tables of docs/cost.md (from tests/Fleet/Scale/figures.json).
# A test fails when one of them is out of date.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

write() {
  UPDATE_DOCS=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet test "$root/tests/Unit/Unit.csproj" -c Release -v q --nologo \
    --filter "FullyQualifiedName~Documents.GeneratedTests"
}

need_dotnet
progress "Writing docs/privacy.md, docs/settings.md and docs/cost.md" write || exit 1
