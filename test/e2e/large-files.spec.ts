import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { eventually, post, postForm } from '../support';
import { aSystem } from './system';

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Most memory that a process has ever had, in MB. */
const peakMb = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe('a file of 45 MB', () => {
  const content = randomBytes(45_000_000);

  it('to 50 chats is uploaded once, whichever producer takes it in, and no producer holds one of 270 MB in memory', async () => {
    const { sandbox, producer, consumer } = await aSystem({ environment: { UPLOAD_LIMIT: '300' } });
    const [first, second] = await Promise.all([producer(), producer(), consumer()]);
    const before = peakMb(first.pid);
    const half = (from: number) =>
      JSON.stringify(Array.from({ length: 25 }, (_, at) => ({ chat_id: from + at, document: 'attach://log' })));
    const log = { content, name: 'build.log' };
    const answers = await Promise.all([
      postForm(first.url, { messages: half(1000), log }),
      postForm(second.url, { messages: half(2000), log }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await eventually(() => sandbox.accepted().length === 50, 'all have arrived', 60_000);
    const uploads = sandbox.accepted().flatMap(({ files }) => files);
    expect(uploads.map((file) => file.sha256)).toEqual([sha256(content)]);
    const larger = { content: Buffer.alloc(270_000_000, 'x') };
    expect((await postForm(first.url, { chat_id: '1', document: larger, delivery: '{"delay":3600}' })).status).toBe(
      202,
    );
    expect(peakMb(first.pid) - before).toBeLessThan(100);
  });

  it('arrives whole after a kill -9 of the consumer in the middle of its upload', async () => {
    const { sandbox, producer, consumer } = await aSystem({ sandbox: {} });
    const [door, killed] = await Promise.all([producer(), consumer()]);
    sandbox.fault({ match: { chat_id: 7 }, fault: { kind: 'hang', processed: false } });
    expect(await postForm(door.url, { chat_id: '7', document: { content, name: 'a' } })).toMatchObject({ status: 202 });
    await eventually(() => sandbox.journal({ chat_id: 7 }).length === 1, 'the first try', 30_000);
    await killed.kill('SIGKILL');
    await consumer();
    await eventually(() => sandbox.accepted().length === 1, 'it arrived', 60_000);
    expect(sandbox.accepted()[0]?.files).toMatchObject([{ sha256: sha256(content) }]);
    expect((await post(door.url, { chat_id: 7, text: 'after' })).status).toBe(202);
  });
});
