#!/usr/bin/env bash
# Runs the whole collector on this machine: API Gateway, Lambda, the stream mapping and DynamoDB, as template.yaml says.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
usage: infra/run.sh [options]

  --port N                   the API's port (8080)
  --dynamodb-port N          DynamoDB Local's port (8000)
  --in-memory                keep nothing: no data folder is read or written
  --open                     show the page in the browser when it is ready
  --verbose                  show the functions' own lines too, and when processes start
  --demo                     send a few hundred plausible sessions, so that there is something to look at
  --data DIR                 where the data lives (.data in the repository)
  --parameter Name=Value     a parameter of template.yaml; may be given several times
  --functions DIR            run this build of the functions (a folder with `bootstrap`) instead of building one
  --dynamodb-url URL         use a DynamoDB that runs already instead of starting one
  --concurrency N            most processes per function (4)
  --host-name NAME           answer for this host name too; may be given several times

OPERATOR_KEY in the environment is the operator's bearer token (otherwise: operator).
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
  "$root/infra/web.sh" || echo "Going on without the page."
  # The first build fetches packages and compiles everything; later ones take a few seconds.
  first=
  [ -d "$root/functions/bin/Release" ] || first=" for the first time, which takes a minute or two"
  progress "Building$first" build "$root/infra/run.slnf" || fail "The build failed; its errors stand above. infra/run.sh --functions DIR runs a build that is there already."
  functions=$root/functions/bin/Release/net10.0
else
  progress "Building the local host" build "$root/infra/Local/Local.csproj" || fail "The build failed; its errors stand above."
fi

exec "$root/infra/Local/bin/Release/net10.0/local" --template "$root/template.yaml" --functions "$functions" \
  --data "$root/.data" --dynamodb-home "$ddb_home" ${arguments[@]+"${arguments[@]}"}
