#!/bin/sh
# Lets a service on another host hand messages to TelegraMQ:
#
#   add-sender.sh NAME                      may publish to the exchange telegramq.inbox, and nothing else
#   add-sender.sh NAME --text-queue hello   may also declare and fill the plain queue hello, as RabbitMQ's tutorials do
#
# The password is BROKER_SENDER_PASSWORD, or the content of the file BROKER_SENDER_PASSWORD_FILE; without either a new
# sender gets a made-up one, shown once, and one that exists keeps its own. Safe to run again. QUEUE_PREFIX as in the
# apps. Needs root where RabbitMQ is installed; for one in a container:
#
#   RABBITMQCTL='docker compose -f docker/compose.yml exec -T rabbitmq rabbitmqctl' scripts/add-sender.sh NAME
set -eu

usage() { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }

name='' queue=''
while [ $# -gt 0 ]; do
  case "$1" in
    --text-queue) queue=${2:-}; [ -n "$queue" ] || usage; shift ;;
    -*) usage ;;
    *) [ -z "$name" ] || usage; name=$1 ;;
  esac
  shift
done
[ -n "$name" ] || usage
case "$name" in guest | telegramq | admin) echo "$name is not a sender: choose another name" >&2; exit 2 ;; esac

literally() { printf %s "$1" | sed 's/[]\\.*+?^${}()|[]/\\&/g'; }
inbox="$(literally "${QUEUE_PREFIX:-telegramq}")\\.inbox"
if [ -z "$queue" ]; then
  configure='^$' write="^$inbox\$"
else
  # Publishing through the default exchange is one permission for all queues, so that this sender can fill every queue
  # whose name it knows. It can read none.
  configure="^$(literally "$queue")\$" write="^($inbox|amq\\.default)\$"
fi

BROKER_PASSWORD=${BROKER_SENDER_PASSWORD:-}
if [ -z "$BROKER_PASSWORD" ] && [ -n "${BROKER_SENDER_PASSWORD_FILE:-}" ]; then
  BROKER_PASSWORD=$(cat "$BROKER_SENDER_PASSWORD_FILE")
fi
export BROKER_PASSWORD
sh "$(dirname "$0")/broker-user.sh" "$name" "$configure" "$write" '^$'
echo "address: amqp://$name:<password>@<the broker's host>:5672"
