#!/usr/bin/env bash
# Puts the runtimes in which `npm run runtimes` runs the vectors into one folder outside the repository (HALLPASS_RUNTIMES, else
# ~/.cache/hallpass-runtimes), from npm, at the versions locked here. What is there already is left alone.
set -uo pipefail
cd "$(dirname "$0")"
target="${HALLPASS_RUNTIMES:-$HOME/.cache/hallpass-runtimes}"
wanted="$(sha256sum <package-lock.json)"
[ "$(cat "$target/made-from" 2>/dev/null)" = "$wanted" ] && exit 0

mkdir -p "$target"
cp package.json package-lock.json ../../.npmrc "$target/"
# A registry that did not answer is asked once more.
if (cd "$target" && { npm ci || { sleep 5 && npm ci; }; }); then
  echo "$wanted" >"$target/made-from"
else
  echo "the runtimes could not be installed from npm"
fi
