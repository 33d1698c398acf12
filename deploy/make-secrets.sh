#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once: a secret that is there stays as it is.
set -eu
folder=${DUBAN_SECRETS:-$(dirname "$0")/../secrets}
# Only the folder's owner enters it; inside, the containers' users must be able to read.
mkdir -p "$folder"
chmod 700 "$folder"
umask 022
for name in postgres_password ledger_password; do
  secret=$folder/$name
  if [ -e "$secret" ]; then
    echo "$secret is there already and stays as it is."
    continue
  fi
  # Hexadecimal only: the server puts it into a quoted text of its configuration.
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$secret.new"
  mv "$secret.new" "$secret"
  echo "Made $secret."
done
