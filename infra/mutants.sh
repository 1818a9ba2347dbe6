#!/usr/bin/env bash
# Mutation test: changes the code of Policy, Redaction, Metrics and Counting in small ways (Stryker.NET) and counts how many changes make a unit test fail.
#   infra/mutants.sh                     all four folders; takes hours on two processors
#   infra/mutants.sh FOLDER|FILE...      only these, below functions/: Metrics, Counting/Aggregator.cs
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mutate=()
for part in "$@"; do
  [ -e "$root/functions/$part" ] || fail "functions/$part does not exist."
  case $part in
    *.cs) mutate+=(--mutate "**/$part") ;;
    *) mutate+=(--mutate "**/${part%/}/**/*.cs") ;;
  esac
done

need_dotnet
cd "$root/tests" || exit 1
# Analyzers take longer than the compiler, and would find fault with the mutants.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 RunAnalyzers=false
progress "Installing Stryker.NET" dotnet tool restore || fail "Stryker.NET could not be installed; the lines above say why."
exec dotnet stryker --config-file stryker.json --output "$root/artifacts/mutants" ${mutate[@]+"${mutate[@]}"}
