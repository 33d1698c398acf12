#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once: a secret that is there stays as it is.
set -eu
folder=${DUBAN_SECRETS:-$(dirname "$0")/../secrets}
# Only the folder's owner enters it; inside, the containers' users must be able to read.
mkdir -p "$folder"
chmod 700 "$folder"
secret=$folder/postgres_password
if [ -e "$secret" ]; then
  echo "$secret is there already and stays as it is."
  exit 0
fi
umask 022
# Hexadecimal only: the server puts it into a quoted text of its configuration.
od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$secret.new"
mv "$secret.new" "$secret"
echo "Made $secret."
