# Sourced by the other scripts.
source "$(dirname "${BASH_SOURCE[0]}")/retry.sh"

# npm_binary NAME MAJOR PACKAGE FILE: prints where the package's executable is, which is had from npm when it is not there yet. It is kept in
# a cache folder outside the repository.
npm_binary() {
  local folder=${XDG_CACHE_HOME:-$HOME/.cache}/restwave-$1/$2
  local binary=$folder/node_modules/$3/$4
  if ! "$binary" --version >/dev/null 2>&1; then
    rm -rf "$folder"
    mkdir -p "$folder"
    echo '{ "private": true }' >"$folder/package.json"
    retry npm install --prefix "$folder" --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "$3@$2" >&2 || return
  fi
  echo "$binary"
}
