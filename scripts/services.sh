#!/usr/bin/env bash
# Installs and starts what some tests need: scripts/services.sh [postgres] [redis] [chromium] [node] [bun] [deno] [python]
# The first three are Debian packages and need root; Bun and Deno come from npm. Does nothing for what is already there. Without arguments: all.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/npm-binary.sh"

apt_lists_are_fresh=no

# install PACKAGE...
install() {
  if [ "$apt_lists_are_fresh" = no ]; then
    retry apt-get update -qq
    apt_lists_are_fresh=yes
  fi
  echo "installing $*"
  retry env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "still not ready: $*" >&2
      return 1
    fi
    sleep 0.2
  done
}

psql_as_admin() {
  psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -w -U postgres -d postgres "$@" 2>/dev/null ||
    su postgres -c "psql -X -q -v ON_ERROR_STOP=1 -d postgres $(printf '%q ' "$@")"
}

ensure_postgres() {
  if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then install postgresql; fi
  if ! pg_isready -q -h 127.0.0.1; then
    local version
    version=$(ls /etc/postgresql | sort -V | tail -n 1)
    pg_ctlcluster --skip-systemctl-redirect "$version" main start || true
    wait_for 30 pg_isready -q -h 127.0.0.1
  fi
  if [ -z "$(psql_as_admin -tA -c "select 1 from pg_roles where rolname = 'restwave'")" ]; then
    psql_as_admin -c "create role restwave login createdb password 'restwave'"
  fi
  if [ -z "$(psql_as_admin -tA -c "select 1 from pg_database where datname = 'restwave_test'")" ]; then
    psql_as_admin -c "create database restwave_test owner restwave"
  fi
  echo "PostgreSQL is ready: $(psql --version)"
}

ensure_redis() {
  if ! command -v redis-server >/dev/null; then install redis-server; fi
  if ! redis-cli ping >/dev/null 2>&1; then
    redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save "" --appendonly no >/dev/null
    wait_for 15 redis-cli ping
  fi
  echo "Redis is ready: $(redis-server --version | cut -d' ' -f1-3)"
}

ensure_chromium() {
  if ! command -v chromium >/dev/null; then install chromium; fi
  echo "Chromium is ready: $(chromium --version 2>/dev/null)"
}

# link_binary NAME MAJOR PACKAGE FILE: has it from npm, and links it to where the tests look for it.
link_binary() {
  local binary
  binary=$(npm_binary "$@") || return
  ln -sf "$binary" "${XDG_CACHE_HOME:-$HOME/.cache}/restwave-$1/$1"
  echo "$binary"
}

# The current LTS: one that has a WebSocket of its own.
ensure_node() {
  local node
  node=${RESTWAVE_NODE:-$(link_binary node 24 "$(node -p '`node-${process.platform}-${process.arch}`')" bin/node)}
  echo "Node is ready: $("$node" --version)"
}

ensure_bun() {
  local bun
  bun=${RESTWAVE_BUN:-$(command -v bun || link_binary bun 1 "$(node -p '`@oven/bun-${process.platform}-${process.arch.replace("arm64", "aarch64")}`')" bin/bun)}
  echo "Bun is ready: $("$bun" --version)"
}

ensure_deno() {
  local deno
  deno=${RESTWAVE_DENO:-$(command -v deno || link_binary deno 2 "$(node -p '`@deno/${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`')" deno)}
  echo "Deno is ready: $("$deno" --version | head -n 1)"
}

ensure_python() {
  local python=${RESTWAVE_PYTHON:-python3}
  if ! "$python" -c "import websockets" 2>/dev/null && ! /usr/bin/python3 -c "import websockets" 2>/dev/null; then install python3-websockets; fi
  echo "Python is ready, with websockets"
}

if [ $# -eq 0 ]; then set -- postgres redis chromium node bun deno python; fi
for service in "$@"; do
  case "$service" in
    postgres | redis | chromium | node | bun | deno | python) "ensure_$service" ;;
    *)
      echo "expected postgres, redis, chromium, node, bun, deno or python, got: $service" >&2
      exit 2
      ;;
  esac
done
