'use strict';
// Makes a clone runnable: checks Node.js and npm, installs packages, builds. Does only what is not done yet.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { holderOf, tryLock } = require('./lock');
const { Failure, run, say, step, succeeds } = require('./report');

const ROOT = path.join(__dirname, '..');
const APPS = ['producer', 'consumer', 'sandbox'].map((app) => path.join(ROOT, 'dist/apps', app, 'main.js'));
/** What the build reads, besides nothing else. */
const SOURCES = [
  'apps',
  'libs',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'webpack.config.js',
  '.swcrc',
];
const BUILT_FROM = path.join(ROOT, 'dist/.built-from');

/** @throws {Failure} with the end of the output when npm or the build fails, or saying which version is missing */
async function prepare() {
  await checkTools();
  const release = await waitForLock(path.join(ROOT, '.telegramq/prepare.lock'));
  try {
    if (!isInstalled()) await step('installing packages (npm ci)', () => npm('ci', '--include=dev'));
    const sources = hashOfSources();
    if (isBuiltFrom(sources)) return;
    await step('building (npm run build)', () => npm('run', 'build'));
    fs.writeFileSync(BUILT_FROM, sources);
  } finally {
    release();
  }
}

async function checkTools() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    throw new Failure(
      `Node.js 20.11 or newer is needed; this is ${process.version}. See https://nodejs.org/en/download`,
    );
  }
  if (await succeeds('npm', ['--version'])) return;
  throw new Failure(
    'npm is needed and was not found. It comes with Node.js; Debian has it in a package of its own, npm.',
  );
}

/** @param {string} file */
async function waitForLock(file) {
  let release = tryLock(file);
  if (!release) say(`… waiting for process ${holderOf(file)}, which is installing or building in this folder`);
  for (; !release; release = tryLock(file)) await sleep(200);
  return release;
}

/** @param {...string} args */
const npm = (...args) => run('npm', args, { cwd: ROOT });

/** Whether node_modules holds exactly what package-lock.json says: npm writes down there what it has installed. */
function isInstalled() {
  const installedFile = path.join(ROOT, 'node_modules/.package-lock.json');
  if (!fs.existsSync(installedFile)) return false;
  const { '': _project, ...wanted } = packagesOf(path.join(ROOT, 'package-lock.json'));
  const installed = packagesOf(installedFile);
  return Object.entries(wanted).every(([place, { version, integrity, optional, devOptional }]) => {
    const there = installed[place];
    return there ? there.version === version && there.integrity === integrity : (optional ?? devOptional ?? false);
  });
}

/**
 * @typedef {{ version: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function packagesOf(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
}

/** @param {string} sources */
function isBuiltFrom(sources) {
  return [BUILT_FROM, ...APPS].every((file) => fs.existsSync(file)) && fs.readFileSync(BUILT_FROM, 'utf8') === sources;
}

function hashOfSources() {
  const hash = createHash('sha256').update(process.version);
  for (const file of SOURCES.flatMap((name) => filesOf(path.join(ROOT, name)))) {
    hash.update(`${path.relative(ROOT, file)}\0`).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

/** @param {string} place @returns {string[]} all files in it, in a fixed order, without tests */
function filesOf(place) {
  if (!fs.statSync(place).isDirectory()) return [place];
  const names = fs.readdirSync(place).filter((name) => !name.endsWith('.spec.ts'));
  return names.sort().flatMap((name) => filesOf(path.join(place, name)));
}

module.exports = { ROOT, prepare };

if (require.main === module) {
  prepare().catch((error) => {
    require('./report').explain(error);
    process.exitCode = 1;
  });
}
