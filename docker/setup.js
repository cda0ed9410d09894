'use strict';
// Runs in a container before everything else, at each `docker compose up`: makes up the secrets that are not there yet,
// and stops the start where it is not clear whether messages should go to Telegram or to the sandbox.

const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const { definitions } = require('../scripts/definitions.js');

/** Volumes of secrets: what the apps may read, and what belongs to the broker and to the database of the ledger. */
const APP = '/run/telegramq/app';
const BROKER = '/run/telegramq/broker';
const LEDGER = '/run/telegramq/ledger';
/** The user `node` of the images, as which the apps run. */
const NODE_UID = 1000;
/** The user `postgres` of Debian's image, as which its password is read. */
const POSTGRES_UID = 999;
/** As in sandbox.env. */
const SANDBOX = 'http://sandbox:8081';

async function main() {
  await checkSandbox();
  keep(`${APP}/api-tokens`, (kept) => process.env.API_TOKENS || kept || `first:${random()}`, NODE_UID);
  const newUrl = () => `amqp://telegramq:${random()}@rabbitmq:5672`;
  const url = keep(`${APP}/rabbitmq-url`, (kept) => kept || newUrl(), NODE_UID);
  const password = keep(`${LEDGER}/password`, (kept) => kept || random(), POSTGRES_UID);
  const ours = `postgres://telegramq:${password}@postgres:5432/telegramq`;
  keep(`${APP}/database-url`, () => process.env.DATABASE_URL || ours, NODE_UID);
  const users = definitions({
    ...process.env,
    BROKER_APP_PASSWORD: new URL(url).password,
    BROKER_SENDER_PASSWORD: keep(`${BROKER}/sender-password`, (kept) => kept || random()),
    BROKER_ADMIN_PASSWORD: keep(`${BROKER}/admin-password`, (kept) => kept || random()),
  });
  // Only hashes of long random passwords are in it: the broker's user, whose number differs between images, can read it.
  write(`${BROKER}/definitions.json`, JSON.stringify(users), { mode: 0o444 });
}

/** @throws when messages could go to the sandbox by mistake, or to Telegram while somebody means to try the sandbox */
async function checkSandbox() {
  const isWanted = process.env.TELEGRAM_API_ROOT === SANDBOX;
  const isThere = await fetch(`${SANDBOX}/sandbox/health`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isWanted === isThere) return;
  throw new Error(
    isWanted
      ? 'TELEGRAM_BOT_TOKEN is not set: put it into .env and run this in the folder of .env, or add --profile sandbox'
      : 'TELEGRAM_BOT_TOKEN is set, so that messages would go to Telegram: unset it, or leave out --profile sandbox',
  );
}

const random = () => randomBytes(24).toString('hex');

/**
 * Writes a secret that only its owner can read.
 * @param {string} file
 * @param {(kept: string) => string} choose from what the file holds, or from '' where there is none yet
 * @param {number} [owner] user id; root without
 */
function keep(file, choose, owner) {
  const secret = choose(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
  write(file, secret, { mode: 0o400, owner });
  return secret;
}

/**
 * In one step, so that an end at any moment leaves the old file or the new one.
 * @param {string} file @param {string} content @param {{ mode: number, owner?: number }} access
 */
function write(file, content, { mode, owner = 0 }) {
  const draft = `${file}.draft`;
  fs.rmSync(draft, { force: true });
  fs.writeFileSync(draft, content, { mode });
  fs.chownSync(draft, owner, owner);
  fs.renameSync(draft, file);
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
