'use strict';
// How a script is told to end: Ctrl-C, SIGTERM, a closed terminal, or the npm that runs it being killed.

const fs = require('node:fs');

/** How often the parent is looked at, ms. */
const PARENT_CHECK = 1_000;
/** One Ctrl-C arrives twice under npm, from the terminal and from npm, so that sooner than this it is the same one, ms. */
const SAME_PRESS = 500;

/**
 * @param {(signal: NodeJS.Signals) => void} onFirst
 * @param {() => void} onSecond somebody is impatient
 */
function onInterrupt(onFirst, onSecond) {
  let first = 0;
  const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
    if (!first) onFirst(signal);
    else if (Date.now() - first > SAME_PRESS) onSecond();
    first ||= Date.now();
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, interrupt);
  if (process.env.npm_lifecycle_event) onParentGone(() => interrupt('SIGHUP'));
}

/** @param {() => void} tell npm killed with -9 tells nobody, nor does npm's shell that was told to end. */
function onParentGone(tell) {
  const before = parents();
  const check = setInterval(() => {
    if (parents() === before) return;
    clearInterval(check);
    tell();
  }, PARENT_CHECK);
  check.unref();
}

/** Our parent, npm's shell, and (on Linux) the shell's own: a process whose parent ends gets another one. */
function parents() {
  try {
    const status = fs.readFileSync(`/proc/${process.ppid}/status`, 'utf8');
    return `${process.ppid} ${/^PPid:\s*(\d+)/m.exec(status)?.[1]}`;
  } catch {
    return String(process.ppid);
  }
}

module.exports = { onInterrupt };
