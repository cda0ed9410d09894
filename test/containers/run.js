'use strict';
// `npm run test:containers`: builds the images, then runs the tests against containers made of them; with `-- --no-build`,
// against those of the images that are there.

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const root = path.join(__dirname, '../..');
/** @param {string} command @param {...string} words */
const run = (command, ...words) => spawnSync(command, words, { cwd: root, stdio: 'inherit' }).status ?? 1;
const build = () => run('docker', 'compose', '-f', 'docker/compose.yml', '--profile', 'sandbox', 'build');

if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) {
  process.stderr.write('The containers are not tested: no Docker engine answers `docker info` here.\n');
  process.exit(1);
}
process.exitCode =
  (process.argv.includes('--no-build') ? 0 : build()) ||
  run(process.execPath, require.resolve('jest/bin/jest'), '--config', 'test/containers/jest.config.js');
