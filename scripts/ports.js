'use strict';
// Free ports, and who answers on taken ones.

const net = require('node:net');
const tls = require('node:tls');

/** What an AMQP 0-9-1 client says first; a broker answers with a method frame, whose type byte is 1. */
const AMQP_HEADER = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1');

/**
 * Whether a server could listen there now.
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A port that is free on loopback, from below the range that the kernel hands out to outgoing connections (32768 and
 * up on Linux): a server that restarts must find its port again.
 * @returns {Promise<number>}
 */
async function freePort() {
  for (let tries = 0; tries < 100; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new Error('found no free port between 20000 and 32000 on 127.0.0.1');
}

/**
 * Whether a RabbitMQ (or any AMQP 0-9-1 broker) answers there. Over TLS only that much is asked, whoever it is: the
 * certificate is checked by those who then send something.
 * @param {number} port
 * @param {{ host?: string, tls?: boolean, timeout?: number }} [options] timeout in ms
 * @returns {Promise<boolean>}
 */
function answersAmqp(port, { host = '127.0.0.1', tls: isTls = false, timeout = 2_000 } = {}) {
  return new Promise((resolve) => {
    const socket = isTls ? tls.connect({ port, host, rejectUnauthorized: false }) : net.connect({ port, host });
    const end = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeout, () => end(false));
    socket.once(isTls ? 'secureConnect' : 'connect', () => socket.write(AMQP_HEADER));
    socket.once('data', (data) => end(data[0] === 1));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

module.exports = { isFree, freePort, answersAmqp };
