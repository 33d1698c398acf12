#!/bin/sh
# Creates the namespace with its retention and search attributes, or raises the retention of the one that is there. Safe to
# run again.
set -eu
if [ -n "${ENGINE_TOKEN_FILE:-}" ]; then
  TEMPORAL_API_KEY=$(cat "$ENGINE_TOKEN_FILE")
  export TEMPORAL_API_KEY
fi

# The server answers a while after its start, and knows a new namespace a while after it was made.
patiently() {
  tries=30
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "Temporal does not answer at $TEMPORAL_ADDRESS: $*" >&2; exit 1; }
    sleep 2
  done
}

patiently temporal operator cluster health
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
# Workers and desks may not change the namespace: what the engine's lists filter by is made here.
attributes=$(patiently temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE")
case $attributes in
*DubanYear*) ;;
*) temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name DubanYear --type Int ;;
esac
