#!/usr/bin/env bash
# Prints, one per line, what an executable needs but Lambda's provided.al2023 image lacks. Succeeds if nothing is missing.
#   infra/check-executable.sh FILE [x86_64|arm64]     the required processor
set -uo pipefail
{ [ $# -eq 1 ] || [ $# -eq 2 ]; } && [ -f "$1" ] || { echo "usage: infra/check-executable.sh FILE [x86_64|arm64]" >&2; exit 2; }

# Amazon Linux 2023 has glibc 2.34. Only glibc's own libraries may be needed; OpenSSL, for HTTPS, is loaded at run time.
glibc=2.34
libraries='^(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|ld-linux-(x86-64|aarch64)\.so\.[12])$'

problems=$(
  case ${2:-} in
    x86_64) machine='Advanced Micro Devices X86-64' ;;
    arm64) machine=AArch64 ;;
    *) machine= ;;
  esac
  found=$(readelf -hW "$1" | sed -n 's/^ *Machine: *//p')
  if [ -n "$machine" ] && [ "$found" != "$machine" ]; then echo "it is for ${found:-an unknown processor}, not for $2"; fi
  needed=$(readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE "$libraries")
  newest=$(readelf -VW "$1" | grep -oE 'GLIBC_[0-9]+\.[0-9.]+' | sed 's/GLIBC_//' | sort -Vu | tail -1)
  if [ -n "$needed" ]; then echo "it needs $(echo "$needed" | paste -sd' '), which the provided.al2023 image lacks"; fi
  if [ -z "$newest" ]; then
    echo "the glibc version that it needs cannot be determined"
  elif [ "$(printf '%s\n%s\n' "$newest" "$glibc" | sort -V | tail -1)" != "$glibc" ]; then
    echo "it needs glibc $newest, but provided.al2023 has $glibc"
  fi
)
[ -z "$problems" ] || { echo "$problems"; exit 1; }
