'use strict';
// A private RabbitMQ node: its own data, ports, cookie and port mapper, all inside one folder, so that it runs as any
// user, beside a system RabbitMQ, and several at once. For `npm start`, `npm test` and the tests themselves.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { layOut } = require('./broker-folder');
const { endLeftovers, spawnNode } = require('./broker-processes');
const { holderOf, tryLock } = require('./lock');
const { findInstall } = require('./rabbitmq-install');
const { Failure } = require('./report');

/**
 * @typedef {object} BrokerOptions
 * @property {string} dir everything the node has lies here; the same folder gives the same node with its data again
 * @property {number} [port] AMQP port; otherwise the folder's last one if it is free, or any free one
 * @property {string} [conf] more lines for rabbitmq.conf
 * @property {string[]} [listen] addresses, default loopback only
 * @property {string[]} [plugins] plugins to enable, default none
 * @property {(message: string) => void} [onExit] called when the node ends without having been asked to
 */

/**
 * @typedef {object} Broker
 * @property {string} url with the user guest, who is let in from loopback only
 * @property {number} port
 * @property {string} dir
 * @property {string} log path of the node's log
 * @property {number} pid the Erlang VM's
 * @property {() => Promise<void>} stop in order (SIGTERM); data stays
 * @property {() => Promise<void>} kill at once (SIGKILL), as a power cut would; RabbitMQ 3.10 loses quorum queues that were
 *   first declared less than about a second before (their names are not on disk yet)
 * @property {() => Promise<void>} restart starts the node again, on its port and data; stops it first if it runs
 * @property {NodeJS.ProcessEnv} ctlEnv for scripts that run rabbitmqctl themselves; its path is in RABBITMQCTL
 * @property {(...args: string[]) => Promise<string>} ctl runs rabbitmqctl against the node and gives what it printed
 */

/**
 * Starts a node and waits until it answers AMQP.
 * @param {BrokerOptions} options
 * @returns {Promise<Broker>}
 * @throws when no RabbitMQ is installed, when a living process uses the folder, or, with the end of the log, when the
 *   node does not come up
 */
async function startBroker(options) {
  const install = findInstall();
  if (!install)
    throw new Failure('no RabbitMQ is installed on this machine (rabbitmq-server and epmd were looked for)');
  const dir = path.resolve(options.dir);
  fs.mkdirSync(dir, { recursive: true });
  let node = await startNode(install, dir, options);
  const { host, identity } = node.layout;
  const { port } = identity;
  return {
    url: `amqp://guest:guest@${host}:${port}`,
    port,
    dir,
    log: node.layout.log,
    get pid() {
      return node.pid;
    },
    stop: () => node.end('SIGTERM'),
    kill: () => node.end('SIGKILL'),
    async restart() {
      await node.end('SIGTERM');
      node = await startNode(install, dir, { ...options, port });
    },
    ctlEnv: { ...node.layout.env, RABBITMQCTL: install.ctl },
    ctl: (...args) => runCtl(install.ctl, node.layout, args),
  };
}

/** @param {import('./rabbitmq-install').Install} install @param {string} dir @param {Omit<BrokerOptions, 'dir'>} options */
async function startNode(install, dir, options) {
  const release = tryLock(path.join(dir, 'lock'));
  if (!release)
    throw new Failure(`the RabbitMQ node in ${dir} is in use by process ${holderOf(path.join(dir, 'lock'))}`);
  try {
    await endLeftovers(dir);
    const layout = await layOut(dir, options);
    const { pid, end } = await spawnNode(install, layout, options.onExit);
    return { layout, pid, end: (/** @type {NodeJS.Signals} */ signal) => end(signal).finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

/** @param {string} ctl @param {import('./broker-folder').Layout} layout @param {string[]} args @returns {Promise<string>} */
function runCtl(ctl, { env }, args) {
  return new Promise((resolve, reject) => {
    execFile(ctl, args, { env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error) reject(new Failure(`rabbitmqctl ${args[0]} failed: ${stderr || stdout || error.message}`));
      else resolve(stdout);
    });
  });
}

module.exports = { startBroker };
