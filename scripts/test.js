'use strict';
// `npm test [-- jest arguments]`: every test, against a real RabbitMQ that is there for this run only.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { findBroker } = require('./find-broker');
const { onInterrupt } = require('./interrupt');
const { holderOf, tryLock } = require('./lock');
const { ROOT, prepare } = require('./prepare');
const { explain, say } = require('./report');
const { endWhenGone } = require('./watchdog');

const STATE = path.join(ROOT, '.telegramq');
const DIR = path.join(STATE, `test-${process.pid}`);
const KEPT_LOG = path.join(STATE, 'failed-test-broker.log');
/** Settings of the product that somebody's shell may hold: a test must never reach their bot or their queues. */
const SETTINGS =
  /^(TELEGRAM_|API_TOKENS|(CONSUMER_)?HTTP_|SANDBOX_PORT|QUEUE_PREFIX|TEXT_QUEUES|LOG_LEVEL|RABBITMQ_URL_FILE|DATABASE_URL|BLOB_|UPLOAD_|FILE_|LEDGER_)/;

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @type {ChildProcess | null} */
let jest = null;
/** @type {import('./find-broker').FoundBroker | null} */
let broker = null;

async function main() {
  onInterrupt(
    (signal) => void finish(signal === 'SIGINT' ? 130 : 143),
    () => void finish(137),
  );
  await prepare();
  removeOld();
  tryLock(path.join(DIR, 'lock'));
  broker = await findBroker({ dir: path.join(DIR, 'broker'), keep: false, onExit: (why) => say(`✗ ${why}`) });
  const { code, outcome } = await runJest(broker.url, process.argv.slice(2));
  await finish(code, outcome);
}

/** @param {string} url @param {string[]} args @returns {Promise<{ code: number, outcome: string }>} */
async function runJest(url, args) {
  const results = path.join(DIR, 'results.json');
  const own = ['--json', `--outputFile=${results}`, ...(args.some(isWorkers) ? [] : ['--maxWorkers=2'])];
  const settings = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name));
  // A group of its own, so that what a test leaves behind can be ended with it.
  const child = spawn(process.execPath, [path.join(ROOT, 'node_modules/jest/bin/jest.js'), ...own, ...args], {
    cwd: ROOT,
    env: { ...Object.fromEntries(settings), RABBITMQ_URL: url },
    stdio: 'inherit',
    detached: true,
  });
  jest = child;
  const watchdog = endWhenGone([child], 5);
  const [code, signal] = await once(child, 'close');
  watchdog.stop();
  endGroup(child, 'SIGKILL');
  const outcome = fs.existsSync(results)
    ? summary(JSON.parse(fs.readFileSync(results, 'utf8')))
    : `jest ended without results (${signal ?? `code ${code}`})`;
  return { code: code ?? 1, outcome };
}

const isWorkers = (/** @type {string} */ arg) => /^(-w|-i|--maxWorkers|--runInBand)/.test(arg);

/**
 * The last line: counts of tests; a file that could not even be run counts as one that failed.
 * @param {Record<string, number>} results
 */
function summary({ numPassedTests, numFailedTests = 0, numRuntimeErrorTestSuites = 0, numPendingTests }) {
  const skipped = numPendingTests ? `, ${numPendingTests} skipped` : '';
  return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}`;
}

/** @param {ChildProcess} child @param {NodeJS.Signals} signal */
function endGroup(child, signal) {
  try {
    process.kill(-(/** @type {number} */ (child.pid)), signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Ends everything.
 * @param {number} code exit code
 * @param {string} [lastLine] what the tests came to, if they were run to their end
 */
async function finish(code, lastLine) {
  if (jest) endGroup(jest, 'SIGKILL');
  await broker?.kill();
  const log = path.join(DIR, 'broker/log/broker.log');
  if (code !== 0 && lastLine && fs.existsSync(log)) {
    fs.renameSync(log, KEPT_LOG);
    process.stderr.write(`RabbitMQ's log: ${path.relative(ROOT, KEPT_LOG)}\n`);
  }
  fs.rmSync(DIR, { recursive: true, force: true });
  if (lastLine) say(lastLine);
  process.exit(code);
}

/** Removes what earlier runs, killed, could not remove. */
function removeOld() {
  if (!fs.existsSync(STATE)) return;
  for (const name of fs.readdirSync(STATE)) {
    const pid = Number(/^test-(\d+)$/.exec(name)?.[1]);
    const dir = path.join(STATE, name);
    if (pid && holderOf(path.join(dir, 'lock')) === null) fs.rmSync(dir, { recursive: true, force: true });
  }
}

main().catch((error) => {
  explain(error);
  void finish(1);
});
