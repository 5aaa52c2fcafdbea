#!/usr/bin/env bash
# Runs a command of this repository on another Node: scripts/with-node.sh 24 node_modules/vitest/vitest.mjs run
# The binary comes from npm (package node-<platform>-<arch>) and is kept in a cache folder outside the repository.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/retry.sh"

major=$1
shift
package=$(node -p '`node-${process.platform}-${process.arch}`')
folder=${XDG_CACHE_HOME:-$HOME/.cache}/restwave-node/$major
binary=$folder/node_modules/$package/bin/node

if ! "$binary" --version >/dev/null 2>&1; then
  rm -rf "$folder"
  mkdir -p "$folder"
  echo '{ "private": true }' >"$folder/package.json"
  retry npm install --prefix "$folder" --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$major" >&2
fi

PATH=$(dirname "$binary"):$PATH exec "$binary" "$@"
