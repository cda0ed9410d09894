'use strict';
// One holder at a time for a folder of this project, between processes. A lock whose holder is gone counts as free.

const fs = require('node:fs');
const path = require('node:path');

/**
 * What the system says of a process: its state, and when it was started, in clock ticks since boot, so that a pid that was
 * given to another process is not taken for the old one. Both are empty where the system does not tell (no /proc).
 * @param {number} pid
 */
function statOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
  } catch {
    return { state: '', startTime: '' };
  }
}

/**
 * Whether a process exists, also when it belongs to another user. One that has ended and that nobody has asked for its
 * exit code does not: in a container without an init it stays so for ever.
 * @param {number} pid
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return statOf(pid).state !== 'Z';
}

/**
 * Who holds the lock now, or null when nobody alive does.
 * @param {string} file
 * @returns {number | null} pid
 */
function holderOf(file) {
  const [pid, started] = readLock(file);
  if (!pid || !isAlive(pid)) return null;
  return started === '' || started === statOf(pid).startTime ? pid : null;
}

/** @param {string} file @returns {[number, string]} */
function readLock(file) {
  try {
    const [pid, started] = fs.readFileSync(file, 'utf8').split(' ');
    return [Number(pid), started ?? ''];
  } catch {
    return [0, ''];
  }
}

/**
 * Takes the lock if nobody holds it.
 * @param {string} file Where the lock lies; its folder is made.
 * @returns {(() => void) | null} gives the lock back; null when another process, or this one, holds it (see holderOf).
 */
function tryLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // Linked into place with its content, so that nobody ever reads a lock that does not name its holder yet.
  const mine = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(mine, `${process.pid} ${statOf(process.pid).startTime}`);
  try {
    if (!linked(mine, file)) {
      if (holderOf(file) !== null || !removeStale(file, `${mine}.stale`) || !linked(mine, file)) return null;
    }
  } finally {
    fs.rmSync(mine, { force: true });
  }
  let held = true;
  return () => {
    if (held) fs.rmSync(file, { force: true });
    held = false;
  };
}

/**
 * Moves a dead holder's lock away. Whoever moved away a living one, taken in the same moment, puts it back.
 * @param {string} file
 * @param {string} aside
 */
function removeStale(file, aside) {
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  const isStale = holderOf(aside) === null;
  if (!isStale) linked(aside, file);
  fs.rmSync(aside, { force: true });
  return isStale;
}

/** @param {string} from @param {string} to */
function linked(from, to) {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

module.exports = { tryLock, holderOf, isAlive };
