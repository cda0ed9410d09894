import { RmqClient } from './rmq-client';
import type { Published } from './publication';

it('goes on publishing until the broker has it, however much memory is turned over meanwhile', async () => {
  const client = new RmqClient({
    urls: ['amqp://127.0.0.1:1'],
    topology: { exchanges: [], queues: [], bindings: [], routes: [] },
  });
  const results: Published[] = ['unavailable', 'refused', 'confirmed'];
  jest.spyOn(client, 'publishConfirmed').mockImplementation(async () => results.shift()!);
  // Garbage, so that what only the pause itself holds on to would be collected.
  const churn = setInterval(() => Array.from({ length: 100_000 }, () => ({})), 1);
  expect(await client.insist([])).toBe(true);
  clearInterval(churn);
  expect(results).toEqual([]);
});

it('gives up when it closes', async () => {
  const client = new RmqClient({
    urls: ['amqp://127.0.0.1:1'],
    topology: { exchanges: [], queues: [], bindings: [], routes: [] },
  });
  jest.spyOn(client, 'publishConfirmed').mockResolvedValue('unavailable');
  const insisting = client.insist([]);
  await client.close();
  expect(await insisting).toBe(false);
});
