#!/usr/bin/env bash
# Measures the share of lines in functions/ that the unit or integration tests run, by folder and in total.
# The end-to-end tests run the native executable, which cannot be measured.
#   infra/coverage.sh             all unit and integration tests
#   infra/coverage.sh --fast      without the tests that take a minute or more
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

filter=()
case ${1:-} in
  "") ;;
  --fast) filter=(--filter "Speed!=Slow") ;;
  *) fail "infra/coverage.sh accepts only --fast." ;;
esac

need_dotnet
need_java
need_dynamodb_local
results=$root/artifacts/coverage
rm -rf "$results"
# Analyzers take longer than the compiler, and they run in the normal build.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 RunAnalyzers=false
for name in Unit Integration; do
  progress "$name tests, measured" dotnet test "$root/tests/$name/$name.csproj" -c Release -p:Coverage=true --nologo -v q \
    --settings "$root/tests/coverage.runsettings" --collect "XPlat Code Coverage" --results-directory "$results/$name" \
    ${filter[@]+"${filter[@]}"} || fail "Some $name tests failed; the lines above say which."
done

reports=$(find "$results" -name coverage.cobertura.xml)
[ -n "$reports" ] || fail "The tests wrote no report to $results."
# shellcheck disable=SC2086
awk '
  /<class / { match($0, /filename="[^"]*"/); file = substr($0, RSTART + 10, RLENGTH - 11) }
  /<line / {
    match($0, /number="[0-9]+"/); line = file ":" substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /hits="[0-9]+"/); hits = substr($0, RSTART + 6, RLENGTH - 7)
    if (!(line in seen)) { seen[line] = 0; folder[line] = index(file, "/") ? substr(file, 1, index(file, "/") - 1) : "." }
    if (hits > 0) seen[line] = 1
  }
  END {
    for (line in seen) { all[folder[line]]++; covered[folder[line]] += seen[line]; total++; run += seen[line] }
    if (!total) { print "The report names no line of functions/." > "/dev/stderr"; exit 1 }
    for (name in all) printf "%-16s %5.1f %% of %5d lines\n", name, 100 * covered[name] / all[name], all[name] | "sort"
    close("sort")
    printf "%-16s %5.1f %% of %5d lines\n", "functions", 100 * run / total, total
  }' $reports
