'use strict';
// The processes of a private RabbitMQ node: the Erlang VM, its port mapper, and a watchdog that outlives us.

const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { markerOf } = require('./broker-folder');
const { isAlive } = require('./lock');
const { answersAmqp, isFree } = require('./ports');
const { Failure } = require('./report');
const { endWhenGone } = require('./watchdog');

/** A cold start takes about 6 s on two idle cores, ms. */
const START_TIMEOUT = 120_000;
/** How long a node gets to stop by itself before it is killed, ms; it takes about 6 s. */
const STOP_TIMEOUT = 30_000;

/**
 * Starts the node and waits until it answers AMQP.
 * @param {import('./rabbitmq-install').Install} install
 * @param {import('./broker-folder').Layout} layout
 * @param {(message: string) => void} [onExit] called when the node ends without having been asked to
 * @returns {Promise<{ pid: number, end: (signal: NodeJS.Signals) => Promise<void> }>}
 */
async function spawnNode(install, layout, onExit) {
  const { identity, log, processes } = layout;
  const epmdArgs = ['-address', '127.0.0.1', '-port', String(identity.epmdPort)];
  const epmd = await spawnLogged(install.epmd, epmdArgs, layout);
  // Before the node: a node that finds no port mapper starts one of its own and leaves it behind.
  while (!hasEnded(epmd) && (await isFree(identity.epmdPort))) await sleep(20);
  const server = await spawnLogged(install.server, [], layout);
  // No grace: durable queues are made for that, and tests must leave nothing running.
  const watchdog = endWhenGone([server, epmd], 0);
  fs.writeFileSync(processes, JSON.stringify({ server: server.pid, epmd: epmd.pid, epmdPort: identity.epmdPort }));

  let asked = false;
  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    asked = true;
    await endChild(server, signal);
    await endChild(epmd, 'SIGKILL');
    watchdog.stop();
    fs.rmSync(processes, { force: true });
  };
  try {
    await ready(server, layout);
  } catch (error) {
    await end('SIGKILL');
    throw new Failure(`RabbitMQ ${error.message}; the end of ${log}:\n${tail(log)}`);
  }
  server.once('exit', (code, signal) => {
    if (!asked) onExit?.(`RabbitMQ ended by itself (${signal ?? `code ${code}`}); its log is ${log}`);
  });
  // A program that forgets to stop its broker can still end; the watchdog then stops the node.
  for (const child of [server, epmd]) child.unref();
  return { pid: /** @type {number} */ (server.pid), end };
}

/** @param {string} program @param {string[]} args @param {import('./broker-folder').Layout} layout */
async function spawnLogged(program, args, { log, env }) {
  const out = fs.openSync(log, 'a');
  try {
    // In a session of its own: Ctrl-C on a terminal reaches only the script, which stops everything in order.
    const child = spawn(program, args, { cwd: path.dirname(log), env, detached: true, stdio: ['ignore', out, out] });
    await once(child, 'spawn');
    return child;
  } finally {
    fs.closeSync(out);
  }
}

/** @param {import('node:child_process').ChildProcess} server @param {import('./broker-folder').Layout} layout */
async function ready(server, { host, identity: { port } }) {
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await answersAmqp(port, { host }))) {
    if (hasEnded(server)) throw new Error(`ended at its start (${server.signalCode ?? `code ${server.exitCode}`})`);
    if (Date.now() > deadline) throw new Error(`did not answer on port ${port} within ${START_TIMEOUT / 1000} s`);
    await sleep(100);
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
async function endChild(child, signal) {
  if (hasEnded(child)) return;
  child.ref();
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
  clearTimeout(killer);
}

/**
 * Ends what a killed process left running in this folder, if the watchdog has not yet done so.
 * @param {string} dir
 */
async function endLeftovers(dir) {
  const file = path.join(dir, 'processes.json');
  if (!fs.existsSync(file)) return;
  const { server, epmd, epmdPort } = JSON.parse(fs.readFileSync(file, 'utf8'));
  await endStranger(server, ` -${markerOf(dir)}`);
  await endStranger(epmd, ` -port ${epmdPort}`);
  fs.rmSync(file, { force: true });
}

/**
 * Ends a process that is not our child, but only if its command line shows that it is the one meant: pids are reused.
 * @param {number} pid
 * @param {string} words
 */
async function endStranger(pid, words) {
  const isMeant = () => isAlive(pid) && commandLine(pid).includes(words);
  const deadline = Date.now() + STOP_TIMEOUT;
  if (isMeant()) process.kill(pid, 'SIGTERM');
  while (isMeant()) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await sleep(100);
  }
}

/** @param {number} pid */
function commandLine(pid) {
  try {
    if (fs.existsSync('/proc/self')) return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** @param {string} file */
function tail(file) {
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-25).join('\n');
}

module.exports = { endLeftovers, spawnNode };
