#!/usr/bin/env bash
# Publishes what Lambda runs into artifacts/functions/: the native executable `bootstrap` and the page. The same commit gives the
# same bytes. Fails on a trim or AOT warning (warnings are errors), and when the executable needs what provided.al2023 lacks.
#   infra/publish.sh [FOLDER]     another folder than artifacts/functions
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Amazon Linux 2023 has glibc 2.34; of its libraries only glibc's own are relied upon. OpenSSL, for HTTPS, is loaded at run time.
glibc=2.34
libraries='^(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|ld-linux-(x86-64|aarch64)\.so\.[12])$'

out=${1:-$root/artifacts/functions}
case $(uname -m) in
  x86_64) rid=linux-x64 ;;
  aarch64) rid=linux-arm64 ;;
  *) fail "Lambda runs x86_64 and arm64; this machine is $(uname -m)." ;;
esac

# check_executable FILE: prints what Amazon Linux 2023 would miss.
check_executable() {
  local needed newest
  needed=$(readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE "$libraries")
  newest=$(readelf -VW "$1" | grep -oE 'GLIBC_[0-9]+\.[0-9.]+' | sed 's/GLIBC_//' | sort -Vu | tail -1)
  if [ -n "$needed" ]; then echo "it needs $(echo "$needed" | paste -sd' '), which the provided.al2023 image lacks"; fi
  if [ -z "$newest" ]; then
    echo "the glibc it needs cannot be told"
  elif [ "$(printf '%s\n%s\n' "$newest" "$glibc" | sort -V | tail -1)" != "$glibc" ]; then
    echo "it needs glibc $newest, and provided.al2023 has $glibc"
  fi
}

publish() {
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet publish "$root/functions" -c Release -v q --nologo \
    -p:FunctionsFramework=net9.0 -p:RuntimeIdentifier="$rid" -p:CopyOutputSymbolsToPublishDirectory=false -p:PublishDocumentationFiles=false -o "$1"
}

# Sourced by a test, which wants the check alone.
[ "${BASH_SOURCE[0]}" = "$0" ] || return 0

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
problems=$(check_executable "$work/bootstrap")
[ -z "$problems" ] || fail "The executable would not start on Lambda: $(echo "$problems" | paste -sd';')."

# A package is named after its bytes, in which the times of files count: those of the commit, so that the same commit is uploaded once.
time=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || time=0
chmod 755 "$work" "$work/bootstrap"
find "$work" -exec touch -h -d "@${time:-0}" {} +
rm -rf "$out"
mkdir -p "$(dirname "$out")"
mv "$work" "$out"
printf '%s: %s, sha256 %s\n' "$out" "$(du -h --apparent-size "$out/bootstrap" | cut -f1)" "$(sha256sum "$out/bootstrap" | cut -d' ' -f1)"
