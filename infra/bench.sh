#!/usr/bin/env bash
# Measures the published executable and the same job in Node.js and Python, from outside: cold starts, warm batches, memory, the
# Aggregator, cleaning, and the cost of an event as the data grows. Prints the table and writes docs/benchmarks.md and its plot.
#   infra/bench.sh            about fifteen minutes on a quiet machine; keeps the hand-written end of the page
#   infra/bench.sh --quick    about two minutes; prints the comparison and writes nothing
# Python is left out if boto3 is missing.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

quick=
case ${1:-} in
  "") ;;
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  --quick) quick=1 ;;
  *) fail "infra/bench.sh accepts only --quick; see infra/bench.sh --help." ;;
esac
[ $# -le 1 ] || fail "infra/bench.sh accepts only --quick; see infra/bench.sh --help."

peers=$root/tests/Benchmarks/peers

build_node() {
  (cd "$peers/node" && npm ci --no-audit --no-fund && npm run build)
}

need_dotnet
need npm npm "npm"
bash "$root/infra/publish.sh" || exit 1
progress "Building the Node.js peer" build_node || fail "The Node.js peer could not be built; the lines above say why."
options=(--executable "$root/artifacts/functions/bootstrap" --node "$peers/node/dist/peer.cjs")
if command -v python3 >/dev/null && python3 -c 'import boto3' 2>/dev/null; then
  options+=(--python "$peers/python")
else
  echo "Python is left out: python3 with boto3 is missing (pip install -r tests/Benchmarks/peers/python/requirements.txt)."
fi
if [ -n "$quick" ]; then options+=(--quick); else options+=(--page "$root/docs/benchmarks.md"); fi

progress "Building the benchmarks" build "$root/tests/Benchmarks/Benchmarks.csproj" || fail "The benchmarks could not be built; the lines above say why."
exec dotnet "$root/tests/Benchmarks/bin/Release/net10.0/Collector.Benchmarks.dll" peers "${options[@]}"
