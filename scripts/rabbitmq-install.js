'use strict';
// Where RabbitMQ's own programs lie on this machine.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** Folders beside PATH: Debian's real scripts (those on PATH switch the user), Homebrew, the generic archive. */
const FOLDERS = ['/usr/lib/rabbitmq/bin', '/opt/rabbitmq/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

/**
 * @typedef {object} Install
 * @property {string} server path of rabbitmq-server
 * @property {string} ctl path of rabbitmqctl
 * @property {string} epmd path of Erlang's port mapper
 */

/** @returns {Install | null} null when no RabbitMQ is installed. */
function findInstall() {
  const server = findProgram('rabbitmq-server', FOLDERS);
  const epmd = server && (findProgram('epmd') ?? epmdOfErlang());
  if (!server || !epmd) return null;
  return { server, ctl: path.join(path.dirname(server), 'rabbitmqctl'), epmd };
}

/** @param {string} name @param {string[]} [first] folders looked at before PATH */
function findProgram(name, first = []) {
  const folders = [...first, ...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean)];
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null;
}

/** @param {string} file */
function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    // Debian's wrapper on PATH refuses everyone but root and the user rabbitmq.
    return path.basename(fs.realpathSync(file)) !== 'rabbitmq-script-wrapper';
  } catch {
    return false;
  }
}

function epmdOfErlang() {
  if (!findProgram('erl')) return null;
  const print = 'io:format("~s", [code:root_dir()]), halt().';
  const root = execFileSync('erl', ['-noinput', '-boot', 'start_clean', '-eval', print], { encoding: 'utf8' });
  const runtimes = fs.readdirSync(root).filter((name) => name.startsWith('erts-'));
  return runtimes.map((name) => path.join(root, name, 'bin', 'epmd')).find(isProgram) ?? null;
}

module.exports = { findInstall, findProgram };
