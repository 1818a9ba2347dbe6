#!/usr/bin/env bash
# Mutation test: changes the code of Policy, Redaction, Metrics and Counting in small ways (Stryker.NET) and counts how many changes make a unit test fail.
#   infra/mutants.sh                     all four folders, with all fast unit tests; takes hours on two processors
#   infra/mutants.sh FOLDER|FILE...      only these below functions/, such as Metrics or Counting/Aggregator.cs, with their own tests
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# tests_of FOLDER: the folders of tests/Unit with its tests.
tests_of() {
  case $1 in
    Policy) echo Policy Ingest ;;
    Metrics) echo Metrics Counting Usage Stacks Rollup ;;
    *) echo "$1" ;;
  esac
}

mutate=() only= everything=
for part in "$@"; do
  [ -e "$root/functions/$part" ] || fail "functions/$part does not exist."
  case $part in
    *.cs) mutate+=(--mutate "**/$part") ;;
    *) mutate+=(--mutate "**/${part%/}/**/*.cs") ;;
  esac
  # A file directly in functions/ needs all fast tests.
  [ -d "$root/functions/${part%%/*}" ] || everything=yes
  for folder in $(tests_of "${part%%/*}"); do only+="${only:+|}FullyQualifiedName~.Unit.$folder."; done
done
[ -z "$everything" ] || only=

need_dotnet
cd "$root/tests" || exit 1
mkdir -p "$root/artifacts"
config=$root/artifacts/stryker.json
[ -z "$only" ] || only="&($only)"
sed "s/\"Speed!=Slow&Speed!=Seconds\"/\"Speed!=Slow\&Speed!=Seconds${only//&/\\&}\"/" stryker.json > "$config"
# Analyzers take longer than the compiler, and would report errors in the mutants.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 RunAnalyzers=false
progress "Installing Stryker.NET" dotnet tool restore || fail "Stryker.NET could not be installed; the lines above say why."
exec dotnet stryker --config-file "$config" --output "$root/artifacts/mutants" ${mutate[@]+"${mutate[@]}"}
