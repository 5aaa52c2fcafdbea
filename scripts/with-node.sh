#!/usr/bin/env bash
# Runs a command of this repository on another Node: scripts/with-node.sh 24 node_modules/vitest/vitest.mjs run
# The binary comes from npm (package node-<platform>-<arch>).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/npm-binary.sh"

major=$1
shift
binary=$(npm_binary node "$major" "$(node -p '`node-${process.platform}-${process.arch}`')" bin/node)

PATH=$(dirname "$binary"):$PATH exec "$binary" "$@"
