'use strict';
// `npm start`: everything TelegraMQ needs, on one machine, until Ctrl-C.

const path = require('node:path');
const { startApp } = require('./app-process');
const { findBroker } = require('./find-broker');
const { onInterrupt } = require('./interrupt');
const { ROOT, prepare } = require('./prepare');
const { explain, say, step } = require('./report');
const { choosePorts, firstSteps, needsSandbox, readDotEnv, sandboxEnv } = require('./start-settings');

/** What runs, in the order it was started. @type {{ name: string, stop: () => Promise<void>, kill: () => unknown }[]} */
const running = [];
let isStopping = false;

async function main() {
  onInterrupt((signal) => void stop(0, `${signal}: stopping; once more kills`), kill);
  readDotEnv();
  await prepare();
  const ports = await choosePorts();
  const broker = await findBroker({ dir: path.join(ROOT, '.telegramq/broker'), keep: true, onExit: died });
  add('RabbitMQ', broker);
  const env = {
    ...process.env,
    RABBITMQ_URL: broker.url,
    RABBITMQ_URL_FILE: '',
    HTTP_PORT: String(ports.HTTP_PORT),
    CONSUMER_HTTP_PORT: String(ports.CONSUMER_HTTP_PORT),
    SANDBOX_PORT: String(ports.SANDBOX_PORT),
  };
  const sandbox = needsSandbox() ? at(ports.SANDBOX_PORT) : null;
  if (sandbox) {
    await app('sandbox', env, `${sandbox}/`);
    Object.assign(env, sandboxEnv(ports.SANDBOX_PORT));
  }
  await app('consumer', env, `${at(ports.CONSUMER_HTTP_PORT)}/health/ready`);
  await app('producer', env, `${at(ports.HTTP_PORT)}/health/ready`);
  const url = at(ports.HTTP_PORT);
  say(
    `\nTelegraMQ runs: producer ${url}, consumer ${at(ports.CONSUMER_HTTP_PORT)}, broker ${withoutSecret(broker.url)} (${broker.what})`,
  );
  say(`\n${firstSteps({ url, sandbox })}\n\n  Ctrl-C stops everything.\n`);
}

/** @param {string} url */
const withoutSecret = (url) => url.replace(/\/\/[^@/]*@/g, '//');

/** @param {number} port */
function at(port) {
  const given = process.env.HTTP_HOST;
  const host = !given || given === '0.0.0.0' || given === '::' ? '127.0.0.1' : given;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** @param {string} name @param {NodeJS.ProcessEnv} env @param {string} readyUrl */
async function app(name, env, readyUrl) {
  const started = startApp(name, env, died);
  add(name, started);
  await step(`starting ${name}`, () => started.ready(readyUrl));
}

/** @param {string} name @param {{ stop: () => Promise<void>, kill: () => unknown }} what */
function add(name, what) {
  running.push({ name, stop: what.stop, kill: what.kill });
}

/** @param {string} message */
function died(message) {
  void stop(1, `✗ ${message}`);
}

/**
 * Ends everything in order, those who send first and the broker last.
 * @param {number} code exit code
 * @param {string} why
 */
async function stop(code, why) {
  if (isStopping) return;
  isStopping = true;
  say(`\n${why}`);
  for (const { name, stop: end } of running.reverse()) await step(`stopping ${name}`, end);
  process.exit(code);
}

function kill() {
  for (const part of running) part.kill();
  process.exit(130);
}

main().catch((error) => {
  // While everything is being stopped, what is still starting fails; that is no news.
  if (isStopping) return;
  explain(error);
  void stop(1, 'stopping what was started');
});
