#!/usr/bin/env bash
# Makes a development CA and, from it, the webhook's serving certificate, with openssl only.
#
#   certs/dev-ca.sh               makes both
#   certs/dev-ca.sh --install     writes the Secret, and the CA into the webhook configurations, with kubectl. Run it after
#                                 "kubectl apply -k deploy/overlays/no-cert-manager", and again after --renew
#   certs/dev-ca.sh --renew       a new key and serving certificate from the same CA
#   certs/dev-ca.sh --ca-bundle   prints the caBundle for the webhook configurations: base64, one line
#
#   --out DIR          where to keep them (default: generated/ next to this script). Git ignores the folder.
#   --namespace NAME   where Trimtab runs (default: trimtab)
#   --days N           how long the serving certificate lives (default: 365)
#
# Refuses to overwrite: a new CA would have to be made known to the API server again.
# Exit: 0 done, 1 refused or openssl failed, 2 wrong usage.
set -euo pipefail

service=trimtab-webhook
namespace=trimtab
out=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)/generated
days=365
ca_days=3650
action=create

fail() { echo "dev-ca.sh: $1" >&2; exit "${2:-1}"; }
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"; }

while [ $# -gt 0 ]; do
  case $1 in
    --renew) action=renew ;;
    --ca-bundle) action=ca-bundle ;;
    --install) action=install ;;
    --out | --namespace | --days)
      [ $# -ge 2 ] || fail "$1 needs a value" 2
      case $1 in
        --out) out=$2 ;;
        --namespace) namespace=$2 ;;
        --days) days=$2 ;;
      esac
      shift ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument '$1'; --help lists them" 2 ;;
  esac
  shift
done
[[ $days =~ ^[1-9][0-9]{0,4}$ ]] || fail "--days must be a whole number of days, is '$days'" 2
[[ $namespace =~ ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$ ]] || fail "--namespace '$namespace' is no name of a namespace" 2
command -v openssl >/dev/null || fail "openssl is not installed"

ca_key=$out/ca.key
ca_cert=$out/ca.crt

if [ "$action" = ca-bundle ]; then
  [ -f "$ca_cert" ] || fail "no CA in $out: run certs/dev-ca.sh first"
  openssl base64 -A -in "$ca_cert"
  echo
  exit 0
fi

if [ "$action" = install ]; then
  for file in ca.crt tls.crt tls.key; do
    [ -f "$out/$file" ] || fail "no $file in $out: run certs/dev-ca.sh first"
  done
  command -v kubectl >/dev/null || fail "kubectl is not installed"
  bundle=$(openssl base64 -A -in "$ca_cert")
  kubectl -n "$namespace" create secret tls trimtab-webhook-tls --cert="$out/tls.crt" --key="$out/tls.key" --dry-run=client -o yaml |
    kubectl apply -f - || fail "no Secret: run kubectl apply -k deploy/overlays/no-cert-manager first"
  for kind in mutatingwebhookconfiguration validatingwebhookconfiguration; do
    # By name: an entry that is inserted does not shift the others.
    entries=$(kubectl get "$kind" trimtab.dev -o 'jsonpath={range .webhooks[*]}{.name}{"\n"}{end}' |
      sed "s|.*|{\"name\":\"&\",\"clientConfig\":{\"caBundle\":\"$bundle\"}},|" | tr -d '\n')
    kubectl patch "$kind" trimtab.dev --type strategic -p "{\"webhooks\":[${entries%,}]}"
  done
  exit 0
fi

umask 077 # every file is the owner's alone from the moment it exists
mkdir -p "$out"
# A working folder in the same file system: files appear in place whole, or not at all.
work=$(mktemp -d "$out/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
[ -e "$out/.gitignore" ] || printf '# Private keys: none of this belongs in git.\n*\n' > "$out/.gitignore"

# PKCS#8, which every TLS library reads. The configuration file says what -addext would, for older openssl and LibreSSL.
new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out "$1"; }
quietly() { "$@" >/dev/null 2>"$work/errors" || fail "$(printf '%s failed:\n' "$1 $2"; cat "$work/errors")"; }

create_ca() {
  cat > "$work/ca.cnf" <<CNF
[req]
prompt = no
distinguished_name = name
x509_extensions = ca
[name]
CN = trimtab-development-ca
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CNF
  quietly new_key "$work/ca.key"
  quietly openssl req -x509 -new -sha256 -days "$ca_days" -key "$work/ca.key" -config "$work/ca.cnf" -out "$work/ca.crt"
}

# Signs with the CA at $1 (key) and $2 (certificate).
create_serving() {
  cat > "$work/tls.cnf" <<CNF
[req]
prompt = no
distinguished_name = name
[name]
CN = $service.$namespace.svc
[serving]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = @names
[names]
DNS.1 = $service.$namespace.svc
DNS.2 = $service.$namespace.svc.cluster.local
DNS.3 = localhost
IP.1 = 127.0.0.1
CNF
  quietly new_key "$work/tls.key"
  quietly openssl req -new -sha256 -key "$work/tls.key" -config "$work/tls.cnf" -out "$work/tls.csr"
  # Random; the 1 in front keeps it positive.
  quietly openssl x509 -req -sha256 -days "$days" -in "$work/tls.csr" -CA "$2" -CAkey "$1" \
    -set_serial "0x1$(openssl rand -hex 9)" -extfile "$work/tls.cnf" -extensions serving -out "$work/tls.crt"
  quietly openssl verify -CAfile "$2" "$work/tls.crt"
}

case $action in
  create)
    for file in ca.key ca.crt tls.key tls.crt; do
      [ ! -e "$out/$file" ] || fail "$out/$file exists. --renew makes a new serving certificate from the same CA; for a new CA, remove the folder first"
    done
    create_ca
    create_serving "$work/ca.key" "$work/ca.crt"
    mv "$work/ca.key" "$work/ca.crt" "$work/tls.key" "$work/tls.crt" "$out/" ;;
  renew)
    if [ ! -f "$ca_key" ] || [ ! -f "$ca_cert" ]; then fail "no CA in $out to renew from: run without --renew first"; fi
    openssl x509 -in "$ca_cert" -noout -checkend "$((days * 86400))" >/dev/null ||
      fail "the CA in $out does not live another $days days: choose fewer --days, or remove the folder and start with a new CA"
    create_serving "$ca_key" "$ca_cert"
    mv "$work/tls.key" "$work/tls.crt" "$out/" ;;
esac

cat <<TEXT
$out/tls.crt  $(openssl x509 -in "$out/tls.crt" -noout -enddate)

Into the cluster, after kubectl apply -k deploy/overlays/no-cert-manager (pods load a renewed certificate without a restart):
  certs/dev-ca.sh --out '$out' --namespace $namespace --install
TEXT
