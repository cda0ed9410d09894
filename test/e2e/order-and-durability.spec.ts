import { startNode } from '../support';
import { allArrive, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

const threeTexts = ['1', '2', '3'];

describe('Messages that were accepted', () => {
  it('wait while the consumer is away and arrive in order', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [{ url }, first] = await Promise.all([producer(), consumer()]);
    await first.kill('SIGTERM');
    await each(numbered(3, 1), 1, (message) => postAccepted(url, message));

    await consumer();
    const { texts, doubled } = await allArrive(sandbox, threeTexts, 15_000);

    expect([...texts]).toEqual(threeTexts);
    expect(doubled).toEqual([]);
  });

  it.each([
    {
      how: 'is stopped and started',
      outage: async ({ ctl }: Awaited<ReturnType<typeof startNode>>) => {
        await ctl('stop_app');
        await ctl('start_app');
      },
    },
    {
      how: 'loses its power',
      outage: async ({ kill, restart }: Awaited<ReturnType<typeof startNode>>) => {
        await kill();
        await restart();
      },
    },
  ])(
    'outlast a broker that $how',
    async ({ outage }) => {
      const node = await startNode();
      const { sandbox, producer, consumer } = await aSystem({ brokerUrl: node.url });
      const [{ url }, first] = await Promise.all([producer(), consumer()]);
      await first.kill('SIGTERM');
      await each(numbered(3, 1), 1, (message) => postAccepted(url, message));

      await outage(node);
      await consumer();
      const { texts, doubled } = await allArrive(sandbox, threeTexts, 30_000);

      expect([...texts]).toEqual(threeTexts);
      expect(doubled).toEqual([]);
    },
    120_000,
  );

  it('arrive once and in order though the consumer is restarted twice meanwhile', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    sandbox.fault({ times: null, fault: { kind: 'slow', ms: 20 } });
    const [{ url }, first] = await Promise.all([producer(), consumer()]);
    const messages = numbered(50, 1);
    await each(messages, 1, (message) => postAccepted(url, message));

    await sandbox.waitFor(10, 15_000);
    await first.kill('SIGTERM');
    const seen = sandbox.accepted().length;
    const second = await consumer();
    await sandbox.waitFor(seen + 10, 15_000);
    await second.kill('SIGTERM');
    expect(sandbox.accepted().length).toBeLessThan(messages.length); // Or the restarts came too late to show anything.
    await consumer();
    const { texts, doubled } = await allArrive(
      sandbox,
      messages.map(({ text }) => text),
      15_000,
    );

    expect([...texts]).toEqual(messages.map(({ text }) => text));
    expect(doubled).toEqual([]);
  });
});
