#!/usr/bin/env bash
# Runs the whole collector on this machine: API Gateway, Lambda, the stream mapping and DynamoDB, as template.yaml defines them.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
usage: infra/run.sh [options]

  --port N                   the API's port (8080)
  --dynamodb-port N          DynamoDB Local's port (8000)
  --in-memory                keep nothing: no data folder is read or written
  --open                     show the page in the browser when it is ready
  --verbose                  also show the functions' log lines and the start of processes
  --demo                     send a few hundred plausible sessions and add a year of counts
  --data DIR                 the data folder (.data in the repository)
  --parameter Name=Value     a parameter of template.yaml; may be given several times
  --functions DIR            run this build of the functions (a folder with `bootstrap`) instead of building one
  --dynamodb-url URL         use a running DynamoDB instead of starting one
  --concurrency N            maximum number of processes per function (4)
  --host-name NAME           also answer requests to this host name; may be given several times

OPERATOR_KEY in the environment is the operator's bearer token (default: operator).
TEXT
}

functions=
own_dynamodb=true
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --in-memory | --demo | --verbose | --open) arguments+=("$1"); shift ;;
    --port | --dynamodb-port | --data | --parameter | --functions | --dynamodb-url | --concurrency | --host-name)
      [ $# -ge 2 ] || fail "$1 needs a value. infra/run.sh --help lists the options."
      [ "$1" = --functions ] && functions=$2
      [ "$1" = --dynamodb-url ] && own_dynamodb=false
      [ "$1" = --functions ] || arguments+=("$1" "$2")
      shift 2 ;;
    *) fail "$1 is not an option. infra/run.sh --help lists them." ;;
  esac
done

need_dotnet
if $own_dynamodb; then
  need_java
  need_dynamodb_local
fi
if [ -z "$functions" ]; then
  "$root/infra/web.sh" || echo "Continuing without the page."
  # The first build fetches packages and compiles everything; later ones take a few seconds.
  first=
  [ -d "$root/functions/bin/Release" ] || first=" for the first time, which takes a minute or two"
  progress "Building$first" build "$root/infra/run.slnf" || fail "The build failed; see the errors above. infra/run.sh --functions DIR runs an existing build."
  functions=$root/functions/bin/Release/net10.0
else
  progress "Building the local host" build "$root/infra/Local/Local.csproj" || fail "The build failed; see the errors above."
fi

exec "$root/infra/Local/bin/Release/net10.0/local" --template "$root/template.yaml" --functions "$functions" \
  --data "$root/.data" --dynamodb-home "$ddb_home" ${arguments[@]+"${arguments[@]}"}
