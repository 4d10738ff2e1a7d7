#!/bin/sh
# Makes the secrets that compose.yaml names, once; those that are there stay. Keep a copy of master_key: nobody opens the database's secrets without it.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
# Containers read the files under users of their own; nobody else comes into the folder.
chmod 700 secrets
keep() {
  [ -s "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"
  chmod 444 "secrets/$1"
}
keep admin_key "hp_$(openssl rand -hex 24)"
keep master_key "$(openssl rand -hex 32)"
keep blobs_secret "$(openssl rand -hex 24)"
keep database_password "$(openssl rand -hex 24)"
keep database_url "postgres://hallpass:$(cat secrets/database_password)@postgres:5432/hallpass"
keep s3_identities "{\"identities\":[{\"name\":\"hallpass\",\"credentials\":[{\"accessKey\":\"hallpass\",\"secretKey\":\"$(cat secrets/blobs_secret)\"}],\"actions\":[\"Read:hallpass\",\"Write:hallpass\",\"List:hallpass\",\"Tagging:hallpass\"]}]}"
