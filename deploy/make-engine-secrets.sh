#!/bin/sh
# Makes what closes the engine, once: an authority of its own, a certificate for the server and for everybody who calls
# it, and for each caller a token that says what he may do. A file that is there stays as it is; make-secrets.sh calls this.
set -eu
folder=${DUBAN_SECRETS:?}
umask 022

made() {
  chmod 644 "$1.new"
  mv "$1.new" "$1"
  echo "Made $1."
}

is_there() {
  [ -e "$1" ] && echo "$1 is there already and stays as it is."
}

# The two keys that sign are kept apart from the services: without them nothing is made, and nothing that is there changes.
must_have() {
  [ -s "$folder/$1" ] && return
  echo "$folder/$1 is not there, and $2 cannot be signed: put it back from its safe place and run this again." >&2
  exit 1
}

# What another authority or other signers signed opens nothing: the server would let nobody in.
must_be_signed_by() {
  echo "$2 was not signed by $folder/$1: remove it, with an authority all certificates, with the signers all tokens, and run this again." >&2
  exit 1
}

new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.new" 2>/dev/null
}

authority() {
  is_there "$folder/engine_ca" && return
  new_key "$folder/engine_ca_key"
  # Ten years, as the histories: an authority that ends stops the engine.
  openssl req -x509 -new -key "$folder/engine_ca_key.new" -days 3653 -subj "/CN=Duban's engine" \
    -addext keyUsage=critical,keyCertSign,cRLSign -out "$folder/engine_ca.new"
  made "$folder/engine_ca_key"
  made "$folder/engine_ca"
}

# What it may be used for comes second: a caller's certificate never passes for the server's.
certificate() {
  who=$folder/engine_$1
  if is_there "${who}_certificate"; then
    openssl verify -no_check_time -CAfile "$folder/engine_ca" "${who}_certificate" >/dev/null 2>&1 || must_be_signed_by engine_ca "${who}_certificate"
    return
  fi
  must_have engine_ca_key "${who}_certificate"
  new_key "${who}_key"
  printf 'authorityKeyIdentifier=keyid\n%b\n' "$2" >"$folder/extensions.new"
  openssl req -new -key "${who}_key.new" -subj "/CN=$1" -out "$folder/request.new"
  openssl x509 -req -in "$folder/request.new" -CA "$folder/engine_ca" -CAkey "$folder/engine_ca_key" -set_serial "0x$(openssl rand -hex 16)" \
    -days 3653 -extfile "$folder/extensions.new" -out "${who}_certificate.new" 2>/dev/null
  rm "$folder/request.new" "$folder/extensions.new"
  made "${who}_key"
  made "${who}_certificate"
}

base64url() {
  openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# Who signs the tokens: the server reads the public half (RFC 7517) and asks nobody.
signer() {
  is_there "$folder/engine_signers" && return
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$folder/engine_signer_key.new" 2>/dev/null
  # The modulus lies in front of the last five bytes, which are the exponent 65537.
  modulus=$(openssl pkey -in "$folder/engine_signer_key.new" -pubout -outform DER | tail -c 261 | head -c 256 | base64url)
  printf '{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"duban","n":"%s","e":"AQAB"}]}\n' "$modulus" >"$folder/engine_signers.new"
  made "$folder/engine_signer_key"
  made "$folder/engine_signers"
}

# What a caller may do, as the server's own authorizer reads it: a namespace, or temporal-system for all, and a role.
token() {
  # Without the signers' key nobody can have made other signers.
  is_there "$folder/engine_$1_token" && [ ! -s "$folder/engine_signer_key" ] && return
  must_have engine_signer_key "$folder/engine_$1_token"
  head=$(printf '{"alg":"RS256","typ":"JWT","kid":"duban"}' | base64url)
  body=$(printf '{"sub":"%s","permissions":["%s"]}' "$1" "$2" | base64url)
  signature=$(printf '%s.%s' "$head" "$body" | openssl dgst -sha256 -sign "$folder/engine_signer_key" | base64url)
  if [ -e "$folder/engine_$1_token" ]; then
    # The same key signs the same words alike.
    [ "$(cat "$folder/engine_$1_token")" = "$head.$body.$signature" ] || must_be_signed_by engine_signer_key "$folder/engine_$1_token"
    return
  fi
  printf '%s.%s.%s' "$head" "$body" "$signature" >"$folder/engine_$1_token.new"
  made "$folder/engine_$1_token"
}

authority
signer
# Whatever the server's address is, callers ask for the name `temporal`. Its own parts call one another, too.
certificate server 'subjectAltName=DNS:temporal\nextendedKeyUsage=serverAuth,clientAuth'
for caller in worker jobs page; do
  certificate "$caller" extendedKeyUsage=clientAuth
done
# Workers and desks act in their namespace; the jobs set it up; the Web UI looks, also at the list of namespaces.
token worker duban:write
token jobs temporal-system:admin
token page temporal-system:read
