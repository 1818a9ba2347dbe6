#!/usr/bin/env bash
# Builds the web page (functions/Site/web) into its dist folder, from which the functions' build copies it.
# Does nothing if the page is already built from the same sources.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

web=$root/functions/Site/web
stamp=$web/node_modules/.page-sources

sources() {
  (cd "$web" && find .npmrc index.html package.json package-lock.json tsconfig.json vite.config.js src -type f -print0 \
    | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

build_page() {
  (cd "$web" && rm -rf dist && npm ci --no-audit --no-fund && npm run build)
}

now=$(sources)
if [ -f "$web/dist/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then exit 0; fi
need npm npm "npm"
# Vite 8 requires this version.
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' \
  || fail "Building the page needs Node.js 20.19 or later (found: $(node --version)). Install it and start again."
progress "Building the page" build_page || fail "The page could not be built. Everything else works without it."
printf '%s\n' "$now" >"$stamp"
