#!/bin/sh
# Lets a service on another host hand messages to TelegraMQ:
#
#   add-sender.sh NAME                      may publish to the exchange telegramq.inbox, and nothing else
#   add-sender.sh NAME --text-queue hello   may declare and fill the plain queue hello, as RabbitMQ's tutorials do
#   add-sender.sh NAME --new-password       gives a sender that exists another password
#
# The password is BROKER_SENDER_PASSWORD, or the content of the file BROKER_SENDER_PASSWORD_FILE, or else made up and
# shown once. Safe to run again: permissions are set again, a password is only changed by --new-password or by giving one.
# QUEUE_PREFIX as in the apps. Needs root where RabbitMQ is installed; for one in a container:
#
#   RABBITMQCTL='docker compose exec -T broker rabbitmqctl' scripts/add-sender.sh NAME
set -eu

: "${RABBITMQCTL:=rabbitmqctl}"
usage() { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }

name='' queue='' renew=''
while [ $# -gt 0 ]; do
  case "$1" in
    --text-queue) queue=${2:-}; [ -n "$queue" ] || usage; shift ;;
    --new-password) renew=1 ;;
    -*) usage ;;
    *) [ -z "$name" ] || usage; name=$1 ;;
  esac
  shift
done
[ -n "$name" ] || usage
case "$name" in guest | telegramq | admin) echo "$name is not a sender: choose another name" >&2; exit 2 ;; esac

literally() { printf %s "$1" | sed 's/[]\\.*+?^${}()|[]/\\&/g'; }
ctl() { $RABBITMQCTL -q "$@"; }

inbox="$(literally "${QUEUE_PREFIX:-telegramq}")\\.inbox"
if [ -z "$queue" ]; then
  configure='^$' write="^$inbox\$"
else
  # Publishing through the default exchange is one permission for all queues, so that this sender can fill every queue
  # whose name it knows. It can read none.
  queue=$(literally "$queue")
  configure="^$queue\$" write="^($inbox|amq\\.default)\$"
fi

password=${BROKER_SENDER_PASSWORD:-}
if [ -z "$password" ] && [ -n "${BROKER_SENDER_PASSWORD_FILE:-}" ]; then password=$(cat "$BROKER_SENDER_PASSWORD_FILE"); fi
given=$password
[ -n "$password" ] || password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')

# Passwords go through standard input, since every user of the host can see a command line.
if ! ctl list_users | cut -f1 | grep -qxF -e "$name"; then
  printf '%s\n' "$password" | ctl add_user "$name" > /dev/null
  did='added'
elif [ -n "$given$renew" ]; then
  printf '%s\n' "$password" | ctl change_password "$name" > /dev/null
  did='given its password again'
else
  did='there already, its password left as it is' given=kept
fi
ctl set_permissions -p / "$name" "$configure" "$write" '^$' > /dev/null

echo "sender $name: $did; may write to $write"
[ -n "$given" ] || echo "password, shown only now: $password"
echo "address: amqp://$name:<password>@<this host>:5672"
