'use strict';
// Which RabbitMQ `npm start` and `npm test` use: the one at RABBITMQ_URL if it answers, else one of our own.

const fs = require('node:fs');
const path = require('node:path');
const { startBroker } = require('./broker');
const { startDockerBroker } = require('./broker-docker');
const { installRabbitmq, canInstall } = require('./install-rabbitmq');
const { answersAmqp } = require('./ports');
const { Failure, say, step, succeeds } = require('./report');
const { findInstall } = require('./rabbitmq-install');

const ADVICE = `No RabbitMQ to work with. One of these is needed:
  - a RabbitMQ that is running already:  RABBITMQ_URL=amqp://user:password@host:5672 npm start
  - RabbitMQ installed on this machine:  Debian, Ubuntu: sudo apt-get install rabbitmq-server
                                         macOS: brew install rabbitmq
    (it need not run: a private node is started from it, which leaves port 5672 alone)
  - Docker, running and allowed for this user:  docker info  must work`;

/**
 * @typedef {object} FoundBroker
 * @property {string} url
 * @property {string} what one line for people, without password
 * @property {() => Promise<void>} stop ends it if it is ours
 * @property {() => Promise<void>} kill the same at once, for data that nobody needs any more
 */

/**
 * @param {object} options
 * @param {string} options.dir where a node of our own lives
 * @param {boolean} options.keep whether its messages are to be there next time
 * @param {(message: string) => void} options.onExit called when a node of our own ends by itself
 * @returns {Promise<FoundBroker>}
 * @throws {Failure} saying what to do, when there is no way to a broker
 */
async function findBroker(options) {
  const given = await givenBroker();
  if (given) return given;
  if (findInstall()) return privateNode(options);
  if (await succeeds('docker', ['info'])) {
    try {
      return await startDockerBroker(options);
    } catch (error) {
      say(`! RabbitMQ in Docker did not work out, trying the next way: ${/** @type {Error} */ (error).message}`);
    }
  }
  if (!(await canInstall())) throw new Failure(ADVICE);
  await step('installing the package rabbitmq-server (its service is not started)', installRabbitmq);
  return privateNode(options);
}

/** The broker at RABBITMQ_URL; null when none is named, or none of those named answers. */
async function givenBroker() {
  const file = process.env.RABBITMQ_URL_FILE;
  const given = process.env.RABBITMQ_URL || (file && fs.readFileSync(file, 'utf8').trim());
  if (!given) return null;
  const places = given.split(',').map(placeOf);
  const names = places.map(({ host, port }) => `${host}:${port}`).join(', ');
  for (const { host, port, tls } of places) {
    if (!(await answersAmqp(port, { host, tls }))) continue;
    const nothing = async () => undefined;
    return { url: given, what: `the RabbitMQ at RABBITMQ_URL (${names})`, stop: nothing, kill: nothing };
  }
  say(`! RABBITMQ_URL is set, but nothing answers AMQP at ${names}: using a RabbitMQ of our own instead`);
  return null;
}

/** @param {string} text one address of RABBITMQ_URL, which may hold a password and is never printed */
function placeOf(text) {
  if (!URL.canParse(text)) throw new Failure('RABBITMQ_URL is not an address like amqp://user:password@host:5672');
  const url = new URL(text.trim());
  const tls = url.protocol === 'amqps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(url.port) || (tls ? 5671 : 5672),
    tls,
  };
}

/** @param {{ dir: string, onExit: (message: string) => void }} options @returns {Promise<FoundBroker>} */
async function privateNode({ dir, onExit }) {
  const title = `starting a private RabbitMQ node in ${path.relative(process.cwd(), dir) || '.'}`;
  const broker = await step(title, () => startBroker({ dir, onExit }));
  return { url: broker.url, what: `a private RabbitMQ node, ${dir}`, stop: broker.stop, kill: broker.kill };
}

module.exports = { findBroker };
