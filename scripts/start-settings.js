'use strict';
// The environment that `npm start` gives to the apps: the user's, completed where something is missing.

const fs = require('node:fs');
const path = require('node:path');
const { freePort, isFree } = require('./ports');
const { ROOT } = require('./prepare');
const { Failure, say } = require('./report');

const DEFAULT_PORTS = { HTTP_PORT: 3000, CONSUMER_HTTP_PORT: 3001, SANDBOX_PORT: 8081 };
/** What the sandbox takes for a bot's token; Telegram would not. */
const SANDBOX_TOKEN = '1234567:SANDBOX-token-that-only-the-sandbox-takes';
/** A private chat that the sandbox has. */
const SANDBOX_CHAT = '1001';

/** Reads `.env` of the project folder, if there is one; what the environment has already stays. */
function readDotEnv() {
  const file = path.join(ROOT, '.env');
  if (!fs.existsSync(file)) return;
  if (process.loadEnvFile) process.loadEnvFile(file);
  else say(`! .env is not read by Node.js ${process.version}; 20.12 or newer can`);
}

/**
 * @returns {Promise<Record<keyof typeof DEFAULT_PORTS, number>>}
 * @throws {Failure} when a port that the user has named is taken
 */
async function choosePorts() {
  const ports = { ...DEFAULT_PORTS };
  for (const name of /** @type {(keyof typeof DEFAULT_PORTS)[]} */ (Object.keys(ports))) {
    const given = process.env[name];
    ports[name] = given ? await givenPort(name, Number(given)) : await defaultPort(name, ports[name]);
  }
  return ports;
}

const host = () => process.env.HTTP_HOST || '127.0.0.1';

/** @param {string} name @param {number} port */
async function givenPort(name, port) {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Failure(`${name} must be a port number`);
  if (port === 0) return freePort();
  if (await isFree(port, host())) return port;
  throw new Failure(
    `port ${port}, which ${name} names, is taken on ${host()}: stop what listens there, or name another`,
  );
}

/** @param {string} name @param {number} port */
async function defaultPort(name, port) {
  if (await isFree(port, host())) return port;
  const other = await freePort();
  say(`! port ${port} is taken: ${name} is ${other} this time`);
  return other;
}

/** Whether there is no real bot, so that the sandbox stands in for Telegram. */
function needsSandbox() {
  return !Object.keys(process.env).some((name) => name.startsWith('TELEGRAM_BOT_TOKEN') && process.env[name]);
}

/** @param {number} port the sandbox's @returns {NodeJS.ProcessEnv} */
function sandboxEnv(port) {
  return {
    TELEGRAM_API_ROOT: `http://127.0.0.1:${port}`,
    TELEGRAM_BOT_TOKEN: SANDBOX_TOKEN,
    TELEGRAM_DEFAULT_CHAT_ID: process.env.TELEGRAM_DEFAULT_CHAT_ID || SANDBOX_CHAT,
  };
}

/**
 * What the user can do now.
 * @param {{ url: string, sandbox: string | null }} at addresses of producer and sandbox
 */
function firstSteps({ url, sandbox }) {
  const authorization = process.env.API_TOKENS || process.env.API_TOKENS_FILE;
  const hint = authorization ? ` -H 'authorization: Bearer <a secret of API_TOKENS>'` : '';
  const chat = sandbox || process.env.TELEGRAM_DEFAULT_CHAT_ID ? '' : '"chat_id":<a chat that knows your bot>,';
  const curl = `curl -X POST ${url}/v1/messages -H 'content-type: application/json'${hint} -d '{${chat}"text":"Hello from TelegraMQ"}'`;
  const look = sandbox
    ? `\n\n  and see it arrive in the sandbox, which stands in for Telegram:\n\n    ${sandbox}/`
    : '';
  return `  Send a message:\n\n    ${curl}${look}`;
}

module.exports = { choosePorts, firstSteps, needsSandbox, readDotEnv, sandboxEnv };
