#!/bin/sh
# Makes a user of a running RabbitMQ, or brings it up to date:  broker-user.sh NAME CONFIGURE WRITE READ
#
# CONFIGURE, WRITE and READ are RabbitMQ's permissions: regular expressions over names of exchanges and queues.
# BROKER_PASSWORD: its password; without, a new user gets a made-up one, which is printed, and an existing one keeps its
# own. RABBITMQCTL: the command that reaches the broker, default rabbitmqctl. For add-sender.sh and broker-host.sh.
set -eu

name=$1 configure=$2 write=$3 read=$4
# Without -q: with it RabbitMQ 4.0 takes the arguments of add_user for complete and never reads the password.
ctl() { ${RABBITMQCTL:-rabbitmqctl} "$@" > /dev/null; }
given=${BROKER_PASSWORD:-}
password=${given:-$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')}

# Passwords go through standard input: every user of the host can read a command line.
if ! ${RABBITMQCTL:-rabbitmqctl} -q list_users < /dev/null | cut -f1 | grep -qxF -e "$name"; then
  printf '%s\n' "$password" | ctl add_user "$name"
  echo "user $name: added"
  [ -n "$given" ] || echo "password, shown only now: $password"
elif [ -n "$given" ]; then
  printf '%s\n' "$password" | ctl change_password "$name"
  echo "user $name: there already, now with the given password"
else
  echo "user $name: there already, its password left as it is"
fi
ctl set_permissions -p / "$name" "$configure" "$write" "$read" < /dev/null
