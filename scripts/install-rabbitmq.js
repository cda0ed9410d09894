'use strict';
// Debian's and Ubuntu's own RabbitMQ package, where the user may install it without being asked anything.

const path = require('node:path');
const { findProgram } = require('./rabbitmq-install');
const { run, succeeds } = require('./report');

const INSTALLER = path.join(__dirname, 'install-packages.sh');

const isRoot = () => process.getuid?.() === 0;

/** @returns {Promise<boolean>} */
async function canInstall() {
  if (!findProgram('apt-get')) return false;
  return isRoot() || (await succeeds('sudo', ['-n', 'true']));
}

/** @throws {import('./report').Failure} with the end of the installer's output */
async function installRabbitmq() {
  const script = [INSTALLER, 'rabbitmq-server'];
  await (isRoot() ? run('sh', script) : run('sudo', ['-n', 'sh', ...script]));
}

module.exports = { canInstall, installRabbitmq };
