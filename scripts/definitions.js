'use strict';
// The broker's users and what each may do, as a RabbitMQ definitions file:
//
//   BROKER_APP_PASSWORD=… BROKER_SENDER_PASSWORD=… node scripts/definitions.js > definitions.json
//
// Each password also as NAME_FILE, the path of a file that holds it. The output holds only salted hashes.

const { createHash, randomBytes } = require('node:crypto');
const fs = require('node:fs');

/**
 * @typedef {{ configure: string, write: string, read: string }} Permissions regular expressions over names of exchanges
 *   and queues
 */

/** @param {string} text */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * What producer and consumer need: their own names, the queues of TEXT_QUEUES, and to bind to the exchange that the
 * broker's MQTT and STOMP plugins publish to.
 * @param {string} prefix QUEUE_PREFIX
 * @param {string[]} textQueues
 * @returns {Permissions}
 */
function appPermissions(prefix, textQueues) {
  const own = [`${literally(prefix)}\\..*`, ...textQueues.map(literally)];
  const any = (/** @type {string[]} */ ...more) => `^(${[...own, ...more].join('|')})$`;
  return { configure: any(), write: any('amq\\.default'), read: any('amq\\.topic') };
}

/**
 * What a service on another host needs to hand over messages, and no more.
 * @param {string} prefix QUEUE_PREFIX
 * @returns {Permissions}
 */
function senderPermissions(prefix) {
  return { configure: '^$', write: `^${literally(prefix)}\\.inbox$`, read: '^$' };
}

/**
 * RabbitMQ's way to keep a password: SHA-256 over 4 random bytes and the password, with those bytes in front.
 * @param {string} password
 * @param {Buffer} [salt]
 */
function passwordHash(password, salt = randomBytes(4)) {
  const hash = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

/**
 * @param {NodeJS.ProcessEnv} environment BROKER_APP_PASSWORD (needed), BROKER_SENDER_PASSWORD and BROKER_ADMIN_PASSWORD
 *   (no such user without), each also as …_FILE; QUEUE_PREFIX; TEXT_QUEUES
 * @returns {object} definitions for `load_definitions` or `rabbitmqctl import_definitions`
 * @throws when a password is missing, or empty
 */
function definitions(environment) {
  const prefix = environment.QUEUE_PREFIX || 'telegramq';
  const textQueues = (environment.TEXT_QUEUES ?? '').split(',').map((name) => name.trim());
  const app = readSecret(environment, 'BROKER_APP_PASSWORD');
  if (!app) throw new Error('BROKER_APP_PASSWORD or BROKER_APP_PASSWORD_FILE must be set');
  const all = { configure: '.*', write: '.*', read: '.*' };
  const users = [
    { name: 'telegramq', password: app, tags: [], may: appPermissions(prefix, textQueues.filter(Boolean)) },
    {
      name: 'sender',
      password: readSecret(environment, 'BROKER_SENDER_PASSWORD'),
      tags: [],
      may: senderPermissions(prefix),
    },
    { name: 'admin', password: readSecret(environment, 'BROKER_ADMIN_PASSWORD'), tags: ['administrator'], may: all },
  ].filter(({ password }) => password);
  return {
    vhosts: [{ name: '/' }],
    users: users.map(({ name, password, tags }) => ({
      name,
      password_hash: passwordHash(password),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags,
    })),
    permissions: users.map(({ name, may }) => ({ user: name, vhost: '/', ...may })),
  };
}

/** @param {NodeJS.ProcessEnv} environment @param {string} name @returns {string} empty when neither form is set */
function readSecret(environment, name) {
  const file = environment[`${name}_FILE`];
  const value = environment[name] || (file ? fs.readFileSync(file, 'utf8').trim() : '');
  if (file && !value) throw new Error(`${name}_FILE names an empty file`);
  return value;
}

module.exports = { definitions, senderPermissions, appPermissions, passwordHash };

if (require.main === module) {
  try {
    process.stdout.write(`${JSON.stringify(definitions(process.env), null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 1;
  }
}
