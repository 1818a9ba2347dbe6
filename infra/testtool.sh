#!/usr/bin/env bash
# Runs the functions with AWS's local test tool (Amazon.Lambda.TestTool) instead of this repository's gateway. infra/Local also runs
# and provides the tables and the stream mappings.
#   infra/testtool.sh [--port N] [--lambda-port N] [--local-port N] [--functions FOLDER]
# --port is the tool's API (5051), --lambda-port its Runtime API (5050), --local-port infra/Local's (8080).
# Limits of the tool: it has no stage (routes begin at the root), gzip bodies reach the functions as text, and its DynamoDB streams
# name no shard, so infra/Local delivers the streams.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

port=5051 lambda_port=5050 local_port=8080 functions=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --port | --lambda-port | --local-port | --functions)
      [ $# -ge 2 ] || fail "$1 needs a value."
      case $1 in
        --port) port=$2 ;;
        --lambda-port) lambda_port=$2 ;;
        --local-port) local_port=$2 ;;
        --functions) functions=$2 ;;
      esac
      shift 2 ;;
    *) fail "$1 is not an option; infra/testtool.sh --help lists them." ;;
  esac
done

need_dotnet
export PATH="$PATH:${HOME:-/root}/.dotnet/tools"
if ! command -v dotnet-lambda-test-tool >/dev/null; then
  dotnet tool install --global Amazon.Lambda.TestTool >/dev/null 2>&1 \
    || fail "AWS's test tool is missing, and your package feed does not have it: install Amazon.Lambda.TestTool from a feed that has it (dotnet tool install --global Amazon.Lambda.TestTool)."
fi
need_java
need curl curl "curl"
need_dynamodb_local
# Tests name an existing build in COLLECTOR_LOCAL.
local=${COLLECTOR_LOCAL:-}
if [ -z "$local" ]; then
  progress "Building" build "$root/infra/run.slnf" || exit 1
  local=$root/infra/Local/bin/Release/net10.0/local
fi
functions=${functions:-$root/functions/bin/Release/net10.0}
[ -x "$functions/bootstrap" ] || fail "$functions contains no bootstrap. Publish one with: infra/publish.sh $functions"

data=$(mktemp -d)
started=()
stop() {
  trap - EXIT INT TERM
  for id in ${started[@]+"${started[@]}"}; do kill "$id" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT TERM

dynamodb_port=$((local_port + 1))
"$local" --template "$root/template.yaml" --functions "$functions" --data "$data" --dynamodb-home "$ddb_home" \
  --port "$local_port" --dynamodb-port "$dynamodb_port" >"$data/local.log" 2>&1 &
host=$!
started+=("$host")
until grep -q '^ready: ' "$data/local.log"; do
  kill -0 "$host" 2>/dev/null || { cat "$data/local.log" >&2; fail "infra/Local did not start; the lines above say why."; }
  sleep 0.2
done

APIGATEWAY_EMULATOR_ROUTE_CONFIG=$("$local" routes --template "$root/template.yaml") || exit 1
export APIGATEWAY_EMULATOR_ROUTE_CONFIG
dotnet-lambda-test-tool start --no-launch-window --lambda-emulator-port "$lambda_port" \
  --api-gateway-emulator-mode Rest --api-gateway-emulator-port "$port" &
tool=$!
started+=("$tool")
# A function ends if there is no Runtime API, so the tool must listen first.
until curl -fs -o /dev/null --max-time 5 "http://localhost:$lambda_port/lambda-runtime-api/healthcheck"; do
  kill -0 "$tool" 2>/dev/null || fail "AWS's test tool ended before it listened on port $lambda_port; the lines above say why."
  sleep 0.2
done

# Only functions with routes: infra/Local runs those with streams and schedules.
while IFS=$'\t' read -r -a fields; do
  case $APIGATEWAY_EMULATOR_ROUTE_CONFIG in *"\"${fields[0]}\""*) ;; *) continue ;; esac
  env -i PATH="$PATH" HOME="${HOME:-/root}" DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}" TZ=:UTC \
    _HANDLER="${fields[1]}" AWS_LAMBDA_FUNCTION_NAME="${fields[0]}" AWS_LAMBDA_RUNTIME_API="localhost:$lambda_port/${fields[0]}" \
    AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_ENDPOINT_URL_DYNAMODB="http://127.0.0.1:$dynamodb_port" "${fields[@]:2}" "$functions/bootstrap" &
  started+=("$!")
done < <("$local" functions --template "$root/template.yaml" --data "$data")

echo "ready: http://localhost:$port (no stage: routes begin at the root); Ctrl-C stops it"
wait -n
fail "One of the processes above ended, so the others are stopped too."
