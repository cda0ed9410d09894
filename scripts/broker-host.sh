#!/bin/sh
# Turns a bare Debian or Ubuntu host into the broker for TelegraMQ:  sudo scripts/broker-host.sh
#
# Installs RabbitMQ, gives it ../rabbitmq.conf, makes the users `telegramq` (producer and consumer) and `sender` (services
# that hand over messages), and has it run, also after the next boot. Safe to run again.
#
# Passwords: BROKER_APP_PASSWORD and BROKER_SENDER_PASSWORD, each also as ..._FILE; or else made up once and kept in
# /etc/rabbitmq/telegramq-passwords, which only root can read. QUEUE_PREFIX and TEXT_QUEUES as in the apps.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
settings=/etc/rabbitmq/conf.d/90-telegramq.conf
passwords=/etc/rabbitmq/telegramq-passwords

say() { echo "- $*"; }
stop() { echo "broker-host.sh: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || stop 'needs root: sudo scripts/broker-host.sh'
command -v apt-get > /dev/null || stop 'needs apt-get, that is Debian, Ubuntu or one of their kind'
# RabbitMQ's node is named after the host; with a name that nobody can look up it hangs without a word.
getent hosts "$(hostname)" > /dev/null || stop "the host's own name does not resolve: add '127.0.1.1 $(hostname)' to /etc/hosts"

has_systemd() { [ -d /run/systemd/system ]; }
service_do() { if has_systemd; then systemctl "$1" rabbitmq-server; else service rabbitmq-server "$1" > /dev/null; fi; }

sh "$here/install-packages.sh" rabbitmq-server > /dev/null
say "RabbitMQ $(dpkg-query -W -f '${Version}' rabbitmq-server) is installed"

# Without load_definitions: this host's users are made below, by rabbitmqctl, and need no file.
wanted=$(sed '/^# Users and what/,/^load_definitions/d' "$here/../rabbitmq.conf")
if [ "$(cat "$settings" 2> /dev/null)" = "$wanted" ]; then
  say "$settings is as it should be"
else
  mkdir -p "$(dirname "$settings")"
  printf '%s\n' "$wanted" > "$settings"
  chmod 644 "$settings"
  say "$settings is written"
  if rabbitmqctl -q ping > /dev/null 2>&1; then service_do stop; fi
fi

if has_systemd; then systemctl enable --quiet rabbitmq-server; say 'the service starts at boot'; fi
rabbitmqctl -q ping > /dev/null 2>&1 || service_do start
rabbitmqctl -q await_startup --timeout 120
say 'the service runs'

# $1 = BROKER_APP_PASSWORD or BROKER_SENDER_PASSWORD: from the environment, else the one kept here, else a new one.
password() {
  eval "value=\${$1:-} file=\${$1_FILE:-}"
  [ -n "$value" ] || [ -z "$file" ] || value=$(cat "$file")
  [ -n "$value" ] || value=$(sed -n "s/^$1=//p" "$passwords" 2> /dev/null || true)
  [ -n "$value" ] || value=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
  printf %s "$value"
}
app=$(password BROKER_APP_PASSWORD)
sender=$(password BROKER_SENDER_PASSWORD)
(umask 077; printf 'BROKER_APP_PASSWORD=%s\nBROKER_SENDER_PASSWORD=%s\n' "$app" "$sender" > "$passwords")
chmod 600 "$passwords"
say "the passwords are in $passwords"

literally() { printf %s "$1" | sed 's/[]\\.*+?^${}()|[]/\\&/g'; }
own="$(literally "${QUEUE_PREFIX:-telegramq}")\\..*"
for queue in $(printf %s "${TEXT_QUEUES:-}" | tr ',' ' '); do own="$own|$(literally "$queue")"; done
# What each needs is explained in definitions.js.
BROKER_PASSWORD=$app sh "$here/broker-user.sh" telegramq "^($own)\$" "^($own|amq\\.default)\$" "^($own|amq\\.topic)\$" | sed 's/^/- /'
BROKER_SENDER_PASSWORD=$sender sh "$here/add-sender.sh" sender | sed -n '1s/^/- /p'

address=$(hostname -I 2> /dev/null | cut -d' ' -f1)
cat << END

On the hosts of producer and consumer:  RABBITMQ_URL=amqp://telegramq:<BROKER_APP_PASSWORD>@${address:-<this host>}:5672
Open port 5672 to them and to the senders in the firewall, and no other port of this host's.
END
