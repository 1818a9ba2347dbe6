#!/usr/bin/env bash
# Publishes what Lambda runs into artifacts/functions/: the native executable `bootstrap` and the page. The same commit gives the
# same bytes. Fails on a trim or AOT warning (warnings are errors), and when the executable needs what provided.al2023 lacks.
#   infra/publish.sh [FOLDER]     another folder than artifacts/functions
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

out=${1:-$root/artifacts/functions}
case $(uname -m) in
  x86_64) rid=linux-x64 ;;
  aarch64) rid=linux-arm64 ;;
  *) fail "Lambda runs x86_64 and arm64; this machine is $(uname -m)." ;;
esac

publish() {
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet publish "$root/functions" -c Release -v q --nologo \
    -p:FunctionsFramework=net9.0 -p:RuntimeIdentifier="$rid" -p:CopyOutputSymbolsToPublishDirectory=false -p:PublishDocumentationFiles=false -o "$1"
}

# What stands there is replaced: only what this script made before, or nothing.
if [ -e "$out" ] && { [ ! -d "$out" ] || ls -A "$out" | grep -qvxE 'bootstrap|web'; }; then
  fail "$out is there, and is not what infra/publish.sh makes. Name a new or an empty folder."
fi

need_dotnet
need readelf binutils "readelf"
command -v clang >/dev/null || need gcc gcc "A linker (clang or gcc)"

mkdir -p "$root/artifacts"
work=$(mktemp -d "$root/artifacts/publish.XXXXXX")
trap 'rm -rf "$work"' EXIT
# The page first: the functions take it along.
if [ -f "$root/infra/web.sh" ]; then bash "$root/infra/web.sh" || exit 1; fi
progress "Compiling the functions to native code (a minute or two)" publish "$work" || fail "The functions could not be published; the lines above say why."
[ -f "$work/bootstrap" ] || fail "The publish left no bootstrap in its folder."
problems=$("$root/infra/check-executable.sh" "$work/bootstrap") || fail "The executable would not start on Lambda: $(echo "$problems" | paste -sd';')."

# A package is named after its bytes, in which the times of files count: those of the commit, so that the same commit is uploaded once.
time=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || time=0
chmod 755 "$work" "$work/bootstrap"
find "$work" -exec touch -h -d "@${time:-0}" {} +
rm -rf "$out"
mkdir -p "$(dirname "$out")"
mv "$work" "$out"
printf '%s: %s, sha256 %s\n' "$out" "$(du -h --apparent-size "$out/bootstrap" | cut -f1)" "$(sha256sum "$out/bootstrap" | cut -d' ' -f1)"
