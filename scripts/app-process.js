'use strict';
// One app of ours as a child process, its output marked with its name.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { createInterface } = require('node:readline');
const { setTimeout: sleep } = require('node:timers/promises');
const { ROOT } = require('./prepare');
const { Failure, say } = require('./report');
const { endWhenGone } = require('./watchdog');

/** An app is ready in about 2 s; a busy machine is slower, ms. */
const READY_TIMEOUT = 60_000;
/** How long an app gets to finish what it is sending, ms. */
const STOP_TIMEOUT = 30_000;

/**
 * @typedef {object} AppProcess
 * @property {(url: string) => Promise<void>} ready resolves when a GET there answers 2xx; throws a Failure when the app
 *   ends before, or takes too long
 * @property {() => Promise<void>} stop SIGTERM, and SIGKILL for one that does not end
 * @property {() => void} kill
 */

/**
 * @param {string} name a folder of apps/
 * @param {NodeJS.ProcessEnv} env
 * @param {(message: string) => void} onExit called when it ends without having been asked to
 * @returns {AppProcess}
 */
function startApp(name, env, onExit) {
  const file = path.join(ROOT, 'dist/apps', name, 'main.js');
  // In a session of its own: Ctrl-C on a terminal reaches only the script, which stops everything in order.
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watchdog = endWhenGone([child], STOP_TIMEOUT / 1000);
  const line = process.stdout.isTTY ? prettyLine() : (/** @type {string} */ text) => text;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => say(`${name.padEnd(8)} │ ${line(text)}`));
  }
  let asked = false;
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end = () => `${name} ended with ${child.signalCode ?? `code ${child.exitCode}`}`;
  child.once('close', () => {
    watchdog.stop();
    if (!asked) onExit(end());
  });
  return {
    async ready(url) {
      const deadline = Date.now() + READY_TIMEOUT;
      while (!(await answers(url))) {
        if (hasEnded()) throw new Failure(end());
        if (Date.now() > deadline)
          throw new Failure(`${name} was not ready within ${READY_TIMEOUT / 1000} s: GET ${url}`);
        await sleep(100);
      }
    },
    async stop() {
      asked = true;
      if (hasEnded()) return;
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      clearTimeout(killer);
    },
    kill() {
      asked = true;
      child.kill('SIGKILL');
    },
  };
}

/** The apps write JSON, since what they write to is not a terminal but this script. @returns {(line: string) => string} */
function prettyLine() {
  // Not at the top: it is there only once the packages are installed.
  const format = require('pino-pretty').prettyFactory({ colorize: true, singleLine: true, ignore: 'pid,hostname' });
  return (line) => format(line).trimEnd();
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

module.exports = { startApp };
