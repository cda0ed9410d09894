'use strict';
// Clears up once this process is gone, however it went, also by kill -9.

const { spawn } = require('node:child_process');

const END_GROUPS = `
grace=$1; shift
kill -s TERM -- "$@"
while [ "$grace" -gt 0 ] && kill -s 0 -- "$@"; do sleep 1; grace=$((grace-1)); done
kill -s KILL -- "$@"`;

/**
 * @param {string} script for /bin/sh, run when this process has ended
 * @param {string[]} args the script's
 * @returns {{ stop: () => void }} stop: there is nothing left to clear up
 */
function whenGone(script, args) {
  // Its standard input ends when we do.
  const shell = ['-c', `read -r _\n${script}`, 'telegramq-watchdog', ...args];
  const watchdog = spawn('/bin/sh', shell, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // It must not keep us alive: when we end, it does its work.
  watchdog.unref();
  /** @type {import('node:net').Socket} */ (watchdog.stdin).unref();
  return { stop: () => void watchdog.kill('SIGKILL') };
}

/**
 * Ends child processes that would outlive this one, with their own children.
 * @param {import('node:child_process').ChildProcess[]} children started as `detached`, which makes each the head of a group
 * @param {number} grace seconds between SIGTERM and SIGKILL
 */
function endWhenGone(children, grace) {
  return whenGone(END_GROUPS, [String(grace), ...children.map((child) => `-${child.pid}`)]);
}

module.exports = { endWhenGone, whenGone };
