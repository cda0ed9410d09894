'use strict';
// RabbitMQ in a container, where none is installed but Docker works.

const { createHash } = require('node:crypto');
const { setTimeout: sleep } = require('node:timers/promises');
const { freePort, answersAmqp } = require('./ports');
const { run, step, succeeds } = require('./report');
const { whenGone } = require('./watchdog');

const IMAGE = 'rabbitmq:4-management';
/** ms */
const START_TIMEOUT = 120_000;

/**
 * @param {{ dir: string, keep: boolean }} options dir: only names the container; keep: its messages outlive it, in a volume
 * @returns {Promise<import('./find-broker').FoundBroker>}
 * @throws when Docker cannot run it
 */
async function startDockerBroker({ dir, keep }) {
  const name = `telegramq-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`;
  if (!(await succeeds('docker', ['image', 'inspect', IMAGE]))) {
    await step(`fetching the image ${IMAGE}`, () => run('docker', ['pull', IMAGE]));
  }
  const port = await freePort();
  const watchdog = whenGone('docker rm --force --volumes "$1"', [name]);
  const remove = async () => {
    await run('docker', ['rm', '--force', '--volumes', name]);
    watchdog.stop();
  };
  await step(`starting RabbitMQ in the container ${name}`, async () => {
    // What a killed run may have left behind.
    await succeeds('docker', ['rm', '--force', '--volumes', name]);
    // The host name is part of the node's name, and its data belongs to that name.
    const volume = keep ? ['--volume', `${name}:/var/lib/rabbitmq`] : [];
    const published = ['--publish', `127.0.0.1:${port}:5672`];
    await run('docker', ['run', '--detach', '--name', name, '--hostname', 'telegramq', ...published, ...volume, IMAGE]);
    await ready(name, port).catch(async (error) => {
      await remove();
      throw error;
    });
  });
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const stop = async () => {
    await succeeds('docker', ['stop', '--time', '20', name], 30_000);
    await remove();
  };
  return { url, what: `RabbitMQ in the container ${name}`, stop, kill: remove };
}

/** @param {string} name @param {number} port */
async function ready(name, port) {
  const deadline = Date.now() + START_TIMEOUT;
  // Docker's proxy accepts connections before the broker does; only an answer counts.
  while (!(await answersAmqp(port))) {
    const isUp = (await run('docker', ['inspect', '--format', '{{.State.Running}}', name])).trim() === 'true';
    if (!isUp || Date.now() > deadline) {
      const logs = await run('docker', ['logs', '--tail', '25', name]);
      throw new Error(`the container ${isUp ? `did not answer on port ${port}` : 'ended at its start'}:\n${logs}`);
    }
    await sleep(300);
  }
}

module.exports = { startDockerBroker };
