#!/usr/bin/env bash
# Puts the object stores that conformance/stores/ starts onto this machine, into one folder outside the repository
# (HALLPASS_STORES, else ~/.cache/hallpass-stores), at the versions locked here. What is there already is left alone.
set -uo pipefail
cd "$(dirname "$0")"
target="${HALLPASS_STORES:-$HOME/.cache/hallpass-stores}"
mkdir -p "$target"

if [ "$(cat "$target/made-from" 2>/dev/null)" != "$(sha256sum <requirements.txt)" ]; then
  rm -rf "$target/python"
  install() { "$target/python/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt; }
  # A registry that did not answer is asked once more.
  if python3 -m venv "$target/python" && { install || { sleep 5 && install; }; }; then
    sha256sum <requirements.txt >"$target/made-from"
  else
    echo "not installed from PyPI: object stores"
  fi
fi
