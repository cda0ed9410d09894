import { post, startNode, type SpawnedApp } from '../support';
import { allArrive, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

/** Ends the app as Docker and Kubernetes do, and tells how long it took. */
async function terminate(app: SpawnedApp) {
  const start = performance.now();
  const exit = await app.kill('SIGTERM');
  return { ...exit, seconds: (performance.now() - start) / 1000 };
}

const inOrder = { code: 0, signal: null };

describe('SIGTERM', () => {
  it('ends a producer under load with exit code 0, and nothing that it had accepted is lost', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [app] = await Promise.all([producer(), consumer()]);
    const accepted: string[] = [];
    let ending: ReturnType<typeof terminate> | undefined;
    await each(numbered(200, 50), 10, async (message) => {
      const answer = await post(app.url, message).catch(() => undefined);
      if (answer?.status === 202) accepted.push(message.text);
      if (accepted.length === 50) ending ??= terminate(app);
    });

    const { seconds, ...exit } = await (ending as ReturnType<typeof terminate>);
    expect(exit).toEqual(inOrder);
    expect(seconds).toBeLessThan(5);
    expect((await allArrive(sandbox, accepted, 15_000)).doubled).toEqual([]);
  });

  it('lets a consumer finish the call under way, and the next one does not repeat it', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [{ url }, app] = await Promise.all([producer(), consumer()]);
    sandbox.fault({ fault: { kind: 'slow', ms: 1500 } });
    await postAccepted(url, { chat_id: 1001, text: '1' });
    await sandbox.waitFor(1, 15_000);

    const { seconds, ...exit } = await terminate(app);
    expect(exit).toEqual(inOrder);
    expect(seconds).toBeLessThan(5);

    await consumer();
    await postAccepted(url, { chat_id: 1001, text: '2' });
    expect(await allArrive(sandbox, ['1', '2'], 15_000)).toMatchObject({ doubled: [], disordered: [] });
  });

  it('ends a consumer within 10 s though Telegram never answers, and its message is sent by the next one', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [{ url }, app] = await Promise.all([producer(), consumer()]);
    sandbox.fault({ fault: { kind: 'hang' } });
    await postAccepted(url, { chat_id: 1001, text: '1' });
    await sandbox.waitFor((journal) => journal.length === 1, 15_000);

    const { seconds, ...exit } = await terminate(app);
    expect(exit).toEqual(inOrder);
    expect(seconds).toBeLessThan(10);

    await consumer();
    expect((await allArrive(sandbox, ['1'], 15_000)).doubled).toEqual([]);
  });

  it('ends both apps with exit code 0 while the broker is away', async () => {
    const node = await startNode();
    const { producer, consumer } = await aSystem({ brokerUrl: node.url });
    const apps = await Promise.all([producer(), consumer()]);
    await node.kill();

    for (const { seconds, ...exit } of await Promise.all(apps.map(terminate))) {
      expect(exit).toEqual(inOrder);
      expect(seconds).toBeLessThan(10);
    }
  }, 120_000);

  it('ends both apps with exit code 0 though no broker was ever there', async () => {
    const { producer, consumer } = await aSystem({ environment: { RABBITMQ_URL: 'amqp://127.0.0.1:1' } });
    const apps = await Promise.all([producer({}, 'listening'), consumer({}, 'listening')]);

    for (const { seconds, ...exit } of await Promise.all(apps.map(terminate))) {
      expect(exit).toEqual(inOrder);
      expect(seconds).toBeLessThan(10);
    }
  });
});
