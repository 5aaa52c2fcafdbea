# Sourced by the other scripts.

# retry COMMAND...: runs it up to three times, waiting 5 and 15 seconds, for downloads that fail now and then.
retry() {
  local wait
  for wait in 5 15 last; do
    if "$@"; then return 0; fi
    if [ "$wait" = last ]; then break; fi
    echo "failed, again in ${wait} s: $*" >&2
    sleep "$wait"
  done
  echo "failed three times: $*" >&2
  return 1
}
