#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once: a secret that is there stays as it is.
set -eu
here=$(dirname "$0")
folder=${DUBAN_SECRETS:-$here/../secrets}
command -v openssl >/dev/null || { echo "openssl is needed to make certificates: install it and run this again." >&2; exit 1; }
# Only the folder's owner enters it; inside, the containers' users must be able to read.
mkdir -p "$folder"
chmod 700 "$folder"
umask 022
for name in postgres_password ledger_password grafana_password; do
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
# A certificate of our own for the first day: browsers warn of it. The office puts its own two files in their place.
if [ -e "$folder/tls_certificate" ] || [ -e "$folder/tls_key" ]; then
  echo "$folder/tls_certificate is there already and stays as it is."
else
  site=${DUBAN_SITE:-localhost}
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=$site" \
    -addext "subjectAltName=DNS:$site" -keyout "$folder/tls_key.new" -out "$folder/tls_certificate.new" 2>/dev/null ||
    { echo "openssl could not make a certificate for $site." >&2; exit 1; }
  chmod 644 "$folder/tls_key.new"
  mv "$folder/tls_key.new" "$folder/tls_key"
  mv "$folder/tls_certificate.new" "$folder/tls_certificate"
  echo "Made $folder/tls_certificate for $site."
fi
DUBAN_SECRETS=$folder sh "$here/make-engine-secrets.sh"
