'use strict';
// `npm run test:containers`: builds the images, then runs the tests against containers made of them.

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const root = path.join(__dirname, '../..');
/** @param {string} command @param {...string} words */
const run = (command, ...words) => spawnSync(command, words, { cwd: root, stdio: 'inherit' }).status ?? 1;

if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) {
  process.stderr.write('The containers are not tested: no Docker engine answers `docker info` here.\n');
  process.exit(1);
}
process.exitCode =
  run('docker', 'compose', '-f', 'docker/compose.yml', '--profile', 'sandbox', 'build') ||
  run(process.execPath, require.resolve('jest/bin/jest'), '--config', 'test/containers/jest.config.js');
