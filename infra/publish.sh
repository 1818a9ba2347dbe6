#!/usr/bin/env bash
# Publishes the files for Lambda into artifacts/functions/: the native executable `bootstrap` and the page. The same commit gives the
# same bytes. Fails on a trim or AOT warning (warnings are errors), if the executable needs something that provided.al2023 lacks,
# or if it does not answer an event.
#   infra/publish.sh [--architecture x86_64|arm64] [FOLDER]     writes to FOLDER instead of artifacts/functions
# The default architecture is this machine's. On x86_64, arm64 (Graviton) is cross-compiled with Debian's cross compiler.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

machine=$(uname -m)
machine=${machine/aarch64/arm64}
architecture=$machine
out=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --architecture)
      [ $# -ge 2 ] || fail "--architecture needs a value: x86_64 or arm64."
      architecture=$2
      shift 2 ;;
    -*) fail "$1 is not an option; infra/publish.sh --help lists them." ;;
    *) [ -z "$out" ] || fail "infra/publish.sh accepts one folder, not both $out and $1."; out=$1; shift ;;
  esac
done
out=${out:-$root/artifacts/functions}
case $architecture in
  x86_64) rid=linux-x64 ;;
  arm64) rid=linux-arm64 ;;
  *) fail "Lambda runs x86_64 and arm64, not $architecture." ;;
esac

# The tools that link for the other processor.
cross=()
if [ "$architecture" != "$machine" ]; then
  [ "$machine-$architecture" = x86_64-arm64 ] || fail "arm64 can be compiled on x86_64 and arm64, x86_64 only on x86_64; this machine is $machine."
  cross=(-p:CppCompilerAndLinker=aarch64-linux-gnu-gcc -p:ObjCopyName=aarch64-linux-gnu-objcopy)
fi

publish() {
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet publish "$root/functions" -c Release -v q --nologo \
    -r "$rid" ${cross[@]+"${cross[@]}"} -p:CopyOutputSymbolsToPublishDirectory=false -p:PublishDocumentationFiles=false -o "$1"
}

# Replaces only an empty folder, or one that this script wrote.
if [ -e "$out" ] && { [ ! -d "$out" ] || ls -A "$out" | grep -qvxE 'bootstrap|web'; }; then
  fail "$out exists and was not written by infra/publish.sh. Name a new or an empty folder."
fi

need_dotnet
need readelf binutils "readelf"
if [ ${#cross[@]} -gt 0 ]; then
  # The compiler's package depends on the cross binutils, but only recommends glibc's files.
  need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu "A linker for arm64"
  need /usr/aarch64-linux-gnu/lib/crt1.o libc6-dev-arm64-cross "glibc for arm64"
else
  command -v clang >/dev/null || need gcc gcc "A linker (clang or gcc)"
fi

mkdir -p "$root/artifacts"
work=$(mktemp -d "$root/artifacts/publish.XXXXXX")
trap 'rm -rf "$work"' EXIT
# The page first, because the functions' build copies it.
if [ -f "$root/infra/web.sh" ]; then bash "$root/infra/web.sh" || exit 1; fi
progress "Compiling the functions to native code (a minute or two)" publish "$work" || fail "The functions could not be published; the lines above say why."
[ -f "$work/bootstrap" ] || fail "The build wrote no bootstrap."
problems=$("$root/infra/check-executable.sh" "$work/bootstrap" "$architecture") || fail "The executable would not start on Lambda: $(echo "$problems" | paste -sd';')."

# The executable must answer one event, if this machine can run it. One for another processor needs qemu-user.
runner=()
if [ "$architecture" != "$machine" ]; then runner=(qemu-aarch64 -L /usr/aarch64-linux-gnu); fi
if [ ${#runner[@]} -eq 0 ] || command -v "${runner[0]}" >/dev/null; then
  problem=$(node "$root/infra/answer-one-event.mjs" ${runner[@]+"${runner[@]}"} "$work/bootstrap" 2>&1) || fail "The executable does not work: $problem."
fi

# A package's name depends on its bytes, which include file times. All files get the commit's time, so a commit is uploaded only once.
time=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || time=0
chmod 755 "$work" "$work/bootstrap"
find "$work" -exec touch -h -d "@${time:-0}" {} +
rm -rf "$out"
mkdir -p "$(dirname "$out")"
mv "$work" "$out"
printf '%s: %s, sha256 %s\n' "$out" "$(du -h --apparent-size "$out/bootstrap" | cut -f1)" "$(sha256sum "$out/bootstrap" | cut -d' ' -f1)"
