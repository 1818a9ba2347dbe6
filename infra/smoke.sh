#!/usr/bin/env bash
# Fetches the page of a running collector, sends a session and a batch as a client does, and waits until the batch is counted.
#   OPERATOR_KEY=… infra/smoke.sh URL [SECONDS]     URL as for ANALYTICS_API; SECONDS to wait for the count (120)
set -uo pipefail
fail() { printf '%s\n' "$*" >&2; exit 1; }

[ $# -ge 1 ] || fail "usage: OPERATOR_KEY=… infra/smoke.sh URL [SECONDS]"
url=${1%/}
limit=${2:-120}
[ -n "${OPERATOR_KEY:-}" ] || fail "OPERATOR_KEY is not set, and only the operator can read the counts. The stack's output OperatorKeyCommand prints it."
command -v curl >/dev/null || fail "curl is missing. Install it and start again."

body=$(mktemp)
trap 'rm -f "$body"' EXIT

# request WANTED METHOD PATH [JSON]: sends a request, writes the body to the file $body, and ends the script unless the status is WANTED.
request() {
  local status arguments=(-sS -o "$body" -w '%{http_code}' --max-time 30 -X "$2" -H "Authorization: Bearer $OPERATOR_KEY")
  [ $# -lt 4 ] || arguments+=(-H 'Content-Type: application/json' --data-binary "$4")
  # With -sS, curl prints its error message.
  status=$(curl "${arguments[@]}" "$url$3" 2>"$body.error") || { local why; why=$(head -1 "$body.error"); rm -f "$body.error"; fail "$url does not answer ($why). Is the address correct and the collector running?"; }
  rm -f "$body.error"
  [ "$status" = "$1" ] || fail "$2 $3 was answered with $status instead of $1: $(head -c 300 "$body")"
}

request 200 GET /health

# calls: how often the smoke test's own operation has been counted so far.
calls() {
  request 200 GET '/usage/requests?by=operation&limit=1000'
  sed -n 's/.*"service":"sts","operation":"GetCallerIdentity"[^}]*"calls":\([0-9]*\).*/\1/p' "$body" | head -1
}

# file PATH [CURL OPTION]...: fetches a file of the page as a browser does; sets $status and writes the file to $body.
file() {
  local path=$1
  shift
  status=$(curl -sS -o "$body" -w '%{http_code}' --max-time 30 "$@" "$url$path" 2>/dev/null) || status="no readable answer"
}

before=$(calls) || exit 1
before=${before:-0}

# Checks the bytes of the page: a gateway that fails to decode base64 still answers 200.
file / -H 'Accept: text/html,application/xhtml+xml,*/*;q=0.8' --compressed
if [ "$status" = 404 ] && grep -q 'without its page' "$body"; then
  echo "page: none in this build"
else
  [ "$status" = 200 ] || fail "GET / was answered with $status instead of 200."
  head -c 15 "$body" | grep -qi '^<!doctype html' || fail "GET / did not return HTML; the answer begins with: $(head -c 60 "$body" | tr -d '\0\n')"
  asset=$(grep -o 'assets/[A-Za-z0-9._-]*\.js' "$body" | head -1)
  [ -n "$asset" ] || fail "The page refers to no script."
  file "/$asset"
  [ "$status" = 200 ] || fail "GET /$asset was answered with $status instead of 200."
  plain=$(cksum <"$body")
  # Base64 contains none of these characters.
  head -c 4096 "$body" | grep -q '[(;{]' || fail "GET /$asset did not return a script; the answer begins with: $(head -c 60 "$body" | tr -d '\0\n')"
  file "/$asset" --compressed
  [ "$status" = 200 ] && [ "$(cksum <"$body")" = "$plain" ] || fail "GET /$asset returns a different file with compression (status $status)."
  echo "page: available"
fi

session=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | sed 's/^\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\)$/\1-\2-4\3-8\4-\5/')
now=$(date -u +%s)
time=$(date -u +'%Y-%m-%d %H:%M:%S.000000')

request 200 POST /session "{\"name\":\"session\",\"metadata\":{\"session_id\":\"$session\",\"client_time\":\"$now\"},\"payload\":{\"session_id\":\"$session\",\"machine_id\":\"gen_smoke\",\"api_key\":\"\",\"system\":\"Linux\",\"version\":\"1.0.0\",\"is_ci\":true,\"is_docker\":false,\"is_testing\":false,\"product\":\"aws\",\"edition\":\"community\"}}"
grep -q '"track_events":true' "$body" || fail "Tracking is off (TrackEvents is false): the collector answers sessions but counts nothing."
echo "session: registered"

request 200 POST /events "{\"events\":[{\"name\":\"aws_request_agg\",\"metadata\":{\"session_id\":\"$session\",\"client_time\":\"$time\"},\"payload\":{\"period_start_time\":\"${time/ /T}Z\",\"period_end_time\":\"${time/ /T}Z\",\"api_calls\":[{\"service\":\"sts\",\"operation\":\"GetCallerIdentity\",\"status_code\":200,\"count\":1}]}}]}"
grep -q '"stored":1' "$body" || fail "The batch was answered, but its event was not stored: $(head -c 300 "$body")"
echo "batch: stored"

for ((second = 0; second < limit; second++)); do
  after=$(calls) || exit 1
  if [ "${after:-0}" -gt "$before" ]; then
    echo "counts: updated after $second s"
    exit 0
  fi
  sleep 1
done
fail "The batch was stored but not counted within $limit s. Look at the Aggregator's lines in the functions' log group, and at the failure queue."
