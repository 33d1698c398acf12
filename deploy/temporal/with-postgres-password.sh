#!/bin/sh
# Hands PostgreSQL's password from the secret to the program that follows, which reads it from its environment.
set -eu
POSTGRES_PWD=$(cat "${POSTGRES_PASSWORD_FILE:-/run/secrets/postgres_password}")
SQL_PASSWORD=$POSTGRES_PWD
export POSTGRES_PWD SQL_PASSWORD
exec "$@"
