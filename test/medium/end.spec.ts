import { once } from 'node:events';
import { connect } from 'node:net';
import { aSandbox, broker, cleanUp, startConsumer, startProducer } from '../support';

const message = '{"chat_id":1,"text":"x"}';
const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${message.length}\r\nExpect: 100-continue\r\n\r\n`;

/** Opens a connection and sends this on it, if anything. */
async function connection(url: string, sent = '') {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  cleanUp(() => socket.destroy());
  let heard = '';
  socket.on('error', () => undefined); // It may be reset; that it closes is what counts.
  socket.on('data', (data) => (heard += data.toString()));
  await once(socket, 'connect');
  if (sent) await new Promise((written) => socket.write(sent, written));
  return { socket, heard: () => heard, ended: once(socket, 'close') };
}

async function millisecondsOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describe('an app that ends', () => {
  it('waits for no connection that asks nothing', async () => {
    const at = await broker();
    const sandbox = await aSandbox();
    const apps = [await startProducer(at), await startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })];
    for (const { url, close } of apps) {
      const idle = await connection(url);
      const halfway = await connection(url, 'GET /health/live HTTP/1.1\r\nHo');
      const answered = await connection(url, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(answered.socket, 'data');
      expect(await millisecondsOf(close())).toBeLessThan(3000);
      await Promise.all([idle.ended, halfway.ended, answered.ended]);
    }
  });

  it('answers what it was asked before, and then keeps that connection no longer', async () => {
    const at = await broker();
    const { url, close } = await startProducer(at);
    const asking = await connection(url, head);
    await once(asking.socket, 'data'); // 100 Continue: the request has come.
    asking.socket.write(message.slice(0, 5));
    const ending = close();
    asking.socket.write(message.slice(5));
    expect(await millisecondsOf(ending)).toBeLessThan(3000);
    await asking.ended;
    expect(asking.heard()).toMatch(/^HTTP\/1\.1 100 .*\r\n\r\nHTTP\/1\.1 202 /);
    expect(await at.count(at.names.deliverQueue('default'))).toBe(1);
  });

  it('gives a request 5 s to come whole', async () => {
    const { url, close } = await startProducer(await broker());
    const asking = await connection(url, head);
    await once(asking.socket, 'data'); // 100 Continue: the request has come.
    asking.socket.write(message.slice(0, 5));
    expect(await millisecondsOf(close())).toBeLessThan(8000);
    await asking.ended;
    expect(asking.heard()).not.toContain(' 202 ');
  });
});
