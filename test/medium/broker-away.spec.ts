import type { SendMessage } from '@app/contracts';
import { broker, eventually, post, request, startNode, startProducer, type Namespace } from '../support';

/** The answer that is promised while the broker is away. */
const withinMs = 5_000;

describe('while the broker is away', () => {
  let node: Awaited<ReturnType<typeof startNode>>;
  let rabbit: Namespace;
  beforeAll(async () => {
    node = await startNode();
  });
  beforeEach(async () => {
    rabbit = await broker(node.url);
  });

  /** Posts and fails unless the answer is the promised one; gives its code. */
  async function refusal(url: string, text: string): Promise<string> {
    const start = performance.now();
    const { status, headers, body } = await post(url, { chat_id: 1, text });
    expect(body).toMatchObject({ status: 503, code: expect.stringMatching(/^(broker_unavailable|unconfirmed)$/) });
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(withinMs);
    return String(body.code);
  }

  async function queuedTexts(): Promise<string[]> {
    const messages = await rabbit.takeAll(rabbit.names.deliverQueue('default'));
    const queued = messages.map(({ content }) => (JSON.parse(content.toString()) as { data: SendMessage }).data);
    return queued.map(({ payload }) => String(payload.text));
  }

  /** Fails unless the queue holds exactly these texts, and one that is sent now, so that whatever was late has come. */
  async function expectQueued(url: string, ...texts: string[]): Promise<void> {
    await eventually(
      async () => (await request(`${url}/health/ready`)).status === 200,
      'the producer is ready again',
      30_000,
    );
    expect((await post(url, { chat_id: 1, text: 'last' })).status).toBe(202);
    expect(await queuedTexts()).toEqual([...texts, 'last']);
  }

  it('starts, refuses, and takes messages once the broker is there', async () => {
    await node.stop();
    const { url } = await startProducer(rabbit, {}, 'listening');
    expect((await request(`${url}/health/live`)).status).toBe(200);
    expect((await request(`${url}/health/ready`)).status).toBe(503);
    await refusal(url, 'refused');
    await node.restart();
    await expectQueued(url);
  });

  it('refuses after the broker was stopped, and what was refused never arrives', async () => {
    const { url } = await startProducer(rabbit);
    expect((await post(url, { chat_id: 1, text: 'before' })).status).toBe(202);
    await node.stop();
    await Promise.all(['a', 'b', 'c'].map((text) => refusal(url, text)));
    await node.restart();
    await expectQueued(url, 'before');
  });

  it('keeps through kill -9 of the broker what it has taken, and nothing else', async () => {
    const { url } = await startProducer(rabbit);
    // RabbitMQ 3.10 writes the names of new quorum queues to disk half a second late; killed before, it loses them.
    await node.ctl('eval', '[dets:sync(Table) || Table <- dets:all()].');
    const accepted: string[] = [];
    const unsure: string[] = [];
    let killed: Promise<void> | undefined;
    for (let sent = 0; sent < 400; sent += 20) {
      if (sent === 200) killed = node.kill();
      const texts = Array.from({ length: 20 }, (_, index) => `${sent + index}`);
      await Promise.all(
        texts.map(async (text) => {
          const { status, body } = await post(url, { chat_id: 1, text });
          if (status === 202) accepted.push(text);
          else if (body.code === 'unconfirmed') unsure.push(text);
          else expect(body).toMatchObject({ status: 503, code: 'broker_unavailable' });
        }),
      );
    }
    await killed;
    await node.restart();
    await eventually(
      async () => (await request(`${url}/health/ready`)).status === 200,
      'the producer is ready again',
      30_000,
    );
    expect(accepted.length).toBeGreaterThanOrEqual(200);
    // A queue that has just come back counts fewer messages than it has, until it has read its log to the end.
    const texts: string[] = [];
    await eventually(async () => {
      texts.push(...(await queuedTexts()));
      return accepted.every((text) => texts.includes(text));
    }, 'all that was accepted is there');
    // The broker may have stored what it could not confirm any more before it died.
    expect([...accepted, ...unsure]).toEqual(expect.arrayContaining(texts));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('hands nothing over to a broker that hangs, so that what was refused never arrives', async () => {
    const { url } = await startProducer(rabbit);
    expect((await post(url, { chat_id: 1, text: 'before' })).status).toBe(202);
    const answered = performance.now();
    node.freeze();
    // An answer of the broker counts as a sign of life for 0.1 s.
    await eventually(() => performance.now() - answered > 200, 'the last sign of life is old');
    const texts = Array.from({ length: 20 }, (_, index) => `hanging ${index}`);
    const codes = await Promise.all(texts.map((text) => refusal(url, text)));
    expect(new Set(codes)).toEqual(new Set(['broker_unavailable']));
    expect((await request(`${url}/health/live`)).status).toBe(200);
    node.thaw();
    await expectQueued(url, 'before');
  });

  it('says which messages it may have handed over in the moment of hanging, and refuses the rest', async () => {
    const { url } = await startProducer(rabbit);
    expect((await post(url, { chat_id: 1, text: 'before' })).status).toBe(202);
    node.freeze();
    const texts = Array.from({ length: 20 }, (_, index) => `hanging ${index}`);
    const codes = await Promise.all(texts.map((text) => refusal(url, text)));
    // They lie in the memory of the broker's machine already, and no cut connection takes them away again.
    const unsure = texts.filter((_, index) => codes[index] === 'unconfirmed');
    expect(await refusal(url, 'still hanging')).toBe('broker_unavailable');
    node.thaw();
    await eventually(async () => (await request(`${url}/health/ready`)).status === 200, 'the producer is ready again');
    expect((await post(url, { chat_id: 1, text: 'last' })).status).toBe(202);
    const queued = await queuedTexts();
    expect(queued.filter((text) => !unsure.includes(text))).toEqual(['before', 'last']);
  });

  it('refuses under a memory alarm, and what was refused never arrives', async () => {
    const { url } = await startProducer(rabbit);
    expect((await post(url, { chat_id: 1, text: 'before' })).status).toBe(202);
    await node.ctl('set_vm_memory_high_watermark', '0');
    await eventually(async () => (await node.ctl('status')).includes('Memory alarm'), 'the alarm is raised');
    await Promise.all(['a', 'b', 'c'].map((text) => refusal(url, text)));
    await refusal(url, 'd');
    expect((await request(`${url}/health/ready`)).status).toBe(503);
    await node.ctl('set_vm_memory_high_watermark', '0.4');
    await expectQueued(url, 'before');
  });
});
