import { aSandbox, broker, eventually, post, request, startConsumer, startProducer } from '../support';

interface Report {
  status: string;
  id: string;
}

describe('A message with a time of its own', () => {
  it('is sent at its second, not before, also when both apps and the ledger’s process were away meanwhile', async () => {
    const [at, sandbox] = [await broker(), await aSandbox()];
    const { url, close } = await startProducer(at);
    const due = Date.now() + 5_000;
    const sendAt = new Date(due).toISOString();
    const scheduled = await post<Report>(url, { chat_id: 1, text: 'later', delivery: { send_at: sendAt } });
    const delayed = await post<Report>(url, { chat_id: 2, text: 'delayed', delivery: { delay: '3s' } });
    expect([scheduled.body.status, delayed.body.status]).toEqual(['scheduled', 'scheduled']);
    await eventually(async () => {
      const { body } = await request<Report>(`${url}/v1/messages/${scheduled.body.id}`);
      return body.status === 'scheduled';
    }, 'its status says so');
    await close();
    await startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url });
    await sandbox.waitFor(2, 10_000);
    const [first, second] = sandbox.accepted();
    expect([first!.params.text, second!.params.text]).toEqual(['delayed', 'later']);
    expect(second!.at).toBeGreaterThanOrEqual(due - 500);
    expect(second!.at).toBeLessThan(due + 1_500);
  });

  it('is not sent when it was cancelled before', async () => {
    const [at, sandbox] = [await broker(), await aSandbox()];
    const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })]);
    const [first] = await Promise.all([
      post<Report>(url, { chat_id: 1, text: 'no', delivery: { delay: 2 } }),
      post<Report>(url, { chat_id: 1, text: 'yes', delivery: { delay: 3 } }),
    ]);
    expect(await request(`${url}/v1/messages/${first.body.id}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
    await sandbox.waitFor(1, 10_000);
    expect(sandbox.accepted().map(({ params }) => params.text)).toEqual(['yes']);
  });

  it.each([
    [{ send_at: 'tomorrow' }, 'delivery.send_at', /RFC 3339/],
    [{ send_at: '2999-01-01T00:00:00Z' }, 'delivery.send_at', /366 days/],
    [{ delay: '400d' }, 'delivery.delay', /366 days/],
    [{ delay: '1h', send_at: '2026-01-01T00:00:00Z' }, 'delivery.delay', /instead of send_at/],
  ])('is refused with %j', async (delivery, field, message) => {
    const { url } = await startProducer(await broker());
    const { status, body } = await post<{ errors: unknown[] }>(url, { chat_id: 1, text: 'x', delivery });
    expect({ status, errors: body.errors }).toMatchObject({
      status: 400,
      errors: [{ field, message: expect.stringMatching(message) }],
    });
  });
});
