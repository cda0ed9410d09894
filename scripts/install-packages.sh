#!/bin/sh
# Installs Debian packages without starting or enabling the services they bring:  install-packages.sh PACKAGE...
# Needs root. Asks nothing. Packages that are there already are left as they are.
set -eu

missing=
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

# While this file is there, Debian starts no service at installation. Somebody else's is left alone.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086
apt-get install -q -y --no-install-recommends $missing

# These packages also enable their service for the next boot.
for service in rabbitmq-server prometheus-alertmanager; do
  case "$missing " in
    *" $service "*) if command -v systemctl > /dev/null; then systemctl disable "$service.service" || true; fi ;;
  esac
done
