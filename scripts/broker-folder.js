'use strict';
// The folder of a private RabbitMQ node: what lies in it, and the environment that keeps the node inside it.

const { createHash, randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { freePort, isFree } = require('./ports');

/** The log is started anew above this size, bytes. */
const LOG_LIMIT = 5_000_000;

/** @typedef {{ name: string, port: number, distPort: number, epmdPort: number }} Identity */
/** @typedef {{ identity: Identity, host: string, log: string, processes: string, env: NodeJS.ProcessEnv }} Layout */

/**
 * A word on the node's command line that no other folder's node has.
 * @param {string} dir
 */
function markerOf(dir) {
  return `telegramq-${createHash('sha256').update(fs.realpathSync(dir)).digest('hex').slice(0, 12)}`;
}

/**
 * Who the node is. Kept in the folder: the data belongs to the name, and clients come back to the port.
 * @param {string} dir
 * @param {number} [port] AMQP port asked for
 * @returns {Promise<Identity>}
 */
async function identityOf(dir, port) {
  const file = path.join(dir, 'node.json');
  const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  const keep = async (/** @type {number | undefined} */ old) => (old && (await isFree(old)) ? old : freePort());
  const identity = {
    name: kept.name ?? `${markerOf(dir)}@localhost`,
    port: port ?? (await keep(kept.port)),
    distPort: await keep(kept.distPort),
    epmdPort: await keep(kept.epmdPort),
  };
  fs.writeFileSync(file, JSON.stringify(identity));
  return identity;
}

/**
 * Writes everything the node reads.
 * @param {string} dir absolute
 * @param {{ port?: number, conf?: string, listen?: string[], plugins?: string[] }} options
 * @returns {Promise<Layout>}
 */
async function layOut(dir, { port, conf = '', listen = ['127.0.0.1'], plugins = [] }) {
  const at = (/** @type {string[]} */ ...names) => path.join(dir, ...names);
  for (const folder of ['home', 'data', 'log', 'generated', 'conf.d'])
    fs.mkdirSync(at(folder), { recursive: true, mode: 0o700 });
  const cookie = at('home', '.erlang.cookie');
  if (!fs.existsSync(cookie)) fs.writeFileSync(cookie, randomBytes(20).toString('hex'), { mode: 0o400 });
  const log = at('log', 'broker.log');
  if (fs.existsSync(log) && fs.statSync(log).size > LOG_LIMIT) fs.renameSync(log, `${log}.1`);

  const identity = await identityOf(dir, port);
  const listeners = listen.map((host, i) => `listeners.tcp.${i + 1} = ${host}:${identity.port}`);
  fs.writeFileSync(at('rabbitmq.conf'), [...listeners, 'log.console = true', 'log.file = false', conf, ''].join('\n'));
  fs.writeFileSync(at('enabled_plugins'), `[${plugins.join(',')}].\n`);
  fs.writeFileSync(at('empty'), '');
  const env = environment(dir, identity);
  return { identity, host: listen[0] ?? '127.0.0.1', log, processes: at('processes.json'), env };
}

/** @param {string} dir @param {Identity} identity @returns {NodeJS.ProcessEnv} */
function environment(dir, { name, distPort, epmdPort }) {
  // Nothing of the caller's may steer the node: a RABBITMQ_NODENAME there would make it somebody else's.
  const outside = Object.entries(process.env).filter(
    ([key]) => !/^(RABBITMQ_|ERL_|NOTIFY_SOCKET|NODE_OPTIONS)/.test(key),
  );
  const erlArgs = `+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1} -${markerOf(dir)} true`;
  return {
    ...Object.fromEntries(outside),
    HOME: path.join(dir, 'home'),
    LC_ALL: 'C.UTF-8',
    // The start script then becomes the Erlang VM instead of standing before it: the pid is the node's.
    RUNNING_UNDER_SYSTEMD: 'true',
    // Not @127.0.0.1, which Erlang refuses, and not the machine's name, which may not resolve.
    RABBITMQ_NODENAME: name,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: path.join(dir, 'data'),
    RABBITMQ_LOG_BASE: path.join(dir, 'log'),
    RABBITMQ_PID_FILE: path.join(dir, 'rabbitmq.pid'),
    RABBITMQ_CONFIG_FILE: path.join(dir, 'rabbitmq.conf'),
    // An empty folder, instead of the system's conf.d, whose port would be taken.
    RABBITMQ_CONFIG_FILES: path.join(dir, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: path.join(dir, 'advanced.config'),
    RABBITMQ_GENERATED_CONFIG_DIR: path.join(dir, 'generated'),
    RABBITMQ_CONF_ENV_FILE: path.join(dir, 'empty'),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(dir, 'enabled_plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlArgs,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
}

module.exports = { layOut, markerOf };
