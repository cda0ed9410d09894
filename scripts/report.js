'use strict';
// What the scripts say while they work.

const { spawn } = require('node:child_process');
const { endWhenGone } = require('./watchdog');

/** How much of a failed command's output is shown, lines: npm says why first, compilers last. */
const SHOWN = { first: 10, last: 30 };

/** A failure whose message is meant for the person at the terminal: shown as it is, without a stack. */
class Failure extends Error {}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Says what is being done, and how long it took.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function step(title, work) {
  say(`… ${title}`);
  const start = Date.now();
  const result = await work();
  say(`✓ ${title} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string>} what it printed
 * @throws {Failure} with the start and the end of its output
 */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const watchdog = child.pid ? endWhenGone([child], 5) : null;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    const fail = (/** @type {string} */ why) => {
      reject(new Failure(`${[command, ...args].join(' ')}: ${why}\n${shortened(output)}`));
    };
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => {
      watchdog?.stop();
      if (code === 0) resolve(output);
      else fail(`ended with ${signal ?? `code ${code}`}`);
    });
  });
}

/** @param {string} output */
function shortened(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= SHOWN.first + SHOWN.last) return lines.join('\n');
  return [...lines.slice(0, SHOWN.first), '[…]', ...lines.slice(-SHOWN.last)].join('\n');
}

/**
 * Runs a command only to see whether it succeeds.
 * @param {string} command
 * @param {string[]} args
 * @param {number} [timeout] ms
 * @returns {Promise<boolean>}
 */
function succeeds(command, args, timeout = 15_000) {
  return run(command, args, { timeout }).then(
    () => true,
    () => false,
  );
}

/**
 * The end of a script that went wrong.
 * @param {unknown} error
 */
function explain(error) {
  process.stderr.write(`\n✗ ${error instanceof Failure ? error.message : /** @type {Error} */ (error).stack}\n`);
}

module.exports = { Failure, explain, run, say, step, succeeds };
