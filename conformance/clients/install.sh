#!/usr/bin/env bash
# Puts every client that conformance/clients/ drives onto this machine: Debian's own, and into one folder outside the
# repository (HALLPASS_CLIENTS, else ~/.cache/hallpass-clients) those from npm, PyPI and Go modules, at the versions locked
# here. What is there already is left alone; what cannot be installed is said, and its tests say so too.
set -uo pipefail
cd "$(dirname "$0")"
target="${HALLPASS_CLIENTS:-$HOME/.cache/hallpass-clients}"
mkdir -p "$target"

# Whether `$1` was made from exactly these files.
is_current() {
  [ "$(cat "$target/$1.made-from" 2>/dev/null)" = "$(cat "${@:2}" | sha256sum)" ]
}
set_current() {
  cat "${@:2}" | sha256sum >"$target/$1.made-from"
}

# Debian, as program:package.
missing=()
for pair in curl:curl s3cmd:s3cmd rclone:rclone restic:restic s3fs:s3fs fusermount3:fuse3 duplicity:duplicity \
  davix-get:davix ruby:ruby; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done
[ -e /usr/lib/ruby/vendor_ruby/aws-sdk-s3.rb ] || missing+=(ruby-aws-sdk-s3)
[ -e /usr/lib/python3/dist-packages/boto3 ] || missing+=(python3-boto3)
if [ "${#missing[@]}" -gt 0 ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
    echo "not installed from Debian: ${missing[*]}"
fi

if ! is_current js js/package-lock.json; then
  rm -rf "$target/js" && mkdir -p "$target/js"
  cp js/package.json js/package-lock.json ../../.npmrc "$target/js/"
  if (cd "$target/js" && npm ci); then set_current js js/package-lock.json; else echo "not installed from npm"; fi
fi

if ! is_current python python/requirements.txt; then
  rm -rf "$target/python"
  if python3 -m venv "$target/python" &&
    "$target/python/bin/pip" install --quiet --disable-pip-version-check -r python/requirements.txt; then
    set_current python python/requirements.txt
  else
    echo "not installed from PyPI"
  fi
fi

mapfile -t go_files < <(find go -type f | sort)
if ! is_current go "${go_files[@]}"; then
  mkdir -p "$target/go"
  if (cd go && go build -o "$target/go/" ./awssdk ./miniogo); then
    set_current go "${go_files[@]}"
  else
    echo "not built from Go modules"
  fi
fi
