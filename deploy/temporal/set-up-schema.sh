#!/bin/sh
# Creates Temporal's two databases where they are missing and brings their schemas up to date. Safe to run again.
set -eu
schemas=${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_HOST" --port "${POSTGRES_PORT:-5432}" --user "$POSTGRES_USER" --db "$database" "$@"
}

set_up() {
  database=$1
  kind=$2
  # Fails when the database is there; where it could not be made, the next command says so.
  sql "$database" create || true
  sql "$database" setup-schema -v 0.0
  sql "$database" update-schema -d "$schemas/$kind/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
