#!/usr/bin/env bash
# Runs the tests and ends with the plain line `N passed, N failed`.
#   infra/test.sh                       all tests
#   infra/test.sh PROJECT...            only these projects in tests/ (Unit, Integration, EndToEnd)
#   infra/test.sh Unit --fast           without the tests that take a minute or more (the trait Speed=Slow)
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

projects=() fast=
for name in "$@"; do
  if [ "$name" = --fast ]; then
    fast=1
    continue
  fi
  [ -f "$root/tests/$name/$name.csproj" ] || fail "tests/$name is not a test project."
  projects+=("$name")
done
# needs PROJECT...: succeeds if one of these projects is selected.
needs() { local name; for name in "$@"; do case " ${projects[*]-} " in *" $name "*) return 0 ;; esac; done; return 1; }

target=$root/Serverless.sln
if [ ${#projects[@]} -eq 0 ]; then
  # The fastest projects first, then every other test project.
  for name in Unit Integration EndToEnd $(cd "$root/tests" && ls); do
    case " ${projects[*]-} " in *" $name "*) continue ;; esac
    grep -qs 'Include="Microsoft.NET.Test.Sdk"' "$root/tests/$name/$name.csproj" && projects+=("$name")
  done
elif [ ${#projects[@]} -eq 1 ] && ! needs EndToEnd; then
  # Unit and Integration need only the projects that they reference; EndToEnd starts other programs of the solution.
  target=$root/tests/${projects[0]}/${projects[0]}.csproj
fi

need_dotnet
if needs Integration EndToEnd; then
  need_java
  need_dynamodb_local
fi
if needs EndToEnd; then
  need chromium chromium "Chromium"
fi
# The page's own tests run with the unit tests and need the page's build tools.
if needs Unit EndToEnd; then
  "$root/infra/web.sh" || { echo "0 passed, 1 failed"; exit 1; }
fi
progress "Building" build "$target" || { echo "0 passed, 1 failed"; exit 1; }

# The end-to-end tests run the native executable, which is also deployed. COLLECTOR_FUNCTIONS names another build, COLLECTOR_URL a deployment.
native=${COLLECTOR_FUNCTIONS:-}
if [ -z "$native" ] && [ -z "${COLLECTOR_URL:-}" ] && needs EndToEnd; then
  "$root/infra/publish.sh" || { echo "0 passed, 1 failed"; exit 1; }
  native=$root/artifacts/functions
fi

results=$root/artifacts/test-results
rm -rf "$results"
filter=()
[ -z "$fast" ] || filter=(--filter "Speed!=Slow")
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
passed=0 failed=0 skipped=0 code=0

# counter NAME FILE: this count from a result file, or 0 if it is missing.
counter() { local n; n=$(sed -n "s/.*<Counters.* $1=\"\([0-9]*\)\".*/\1/p" "$2" 2>/dev/null | head -1); echo "${n:-0}"; }

# A shell that starts this script in the background makes it ignore Ctrl-C. The tests of Ctrl-C must not inherit that.
signals=
env --default-signal=INT true 2>/dev/null && signals=--default-signal=INT

# The page's own rules (formats, grouping, comparison) are tested with the unit tests, by Vitest.
page_tests() { (cd "$root/functions/Site/web" && npx vitest run --reporter=default --reporter=json --outputFile.json="$results/Page.json"); }
page_counter() { node -p "JSON.parse(require('fs').readFileSync('$results/Page.json', 'utf8')).$1" 2>/dev/null || echo 0; }
if [[ " ${projects[*]} " == *" Unit "* ]]; then
  broken=0
  progress "Page tests" page_tests || broken=1
  ok=$(page_counter numPassedTests) bad=$(page_counter numFailedTests)
  if [ "$broken" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  printf '  %s passed, %s failed\n' "$ok" "$bad"
  passed=$((passed + ok)) failed=$((failed + bad))
fi

for name in "${projects[@]}"; do
  trx=$results/$name.trx
  broken=0
  functions=
  [ "$name" != EndToEnd ] || functions=$native
  progress "$name tests" env $signals COLLECTOR_FUNCTIONS="$functions" dotnet test "$root/tests/$name/$name.csproj" -c Release --no-build \
    --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" --blame-hang-timeout 10m --blame-hang-dump-type none \
    --results-directory "$results" ${filter[@]+"${filter[@]}"} || broken=1
  total=$(counter total "$trx") ok=$(counter passed "$trx") bad=$(counter failed "$trx") ran=$(counter executed "$trx")
  # A run that ends early without a failed test is a failure too.
  if [ "$broken" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  printf '  %s passed, %s failed, %s skipped\n' "$ok" "$bad" $((total - ran))
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ran))
done

if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then code=1; fi
[ "$skipped" -eq 0 ] || echo "$skipped skipped: this machine or the tested deployment lacks something that they need; see artifacts/test-results"
echo "$passed passed, $failed failed"
exit $code
