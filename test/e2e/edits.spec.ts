import { eventually, post, request } from '../support';
import { aSystem } from './system';

interface Told {
  id: string;
  status: string;
}

const patch = (url: string, id: string, text: string) =>
  request<Told>(`${url}/v1/messages/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });

const isSent = (url: string, id: string) =>
  eventually(async () => (await request<Told>(`${url}/v1/messages/${id}`)).body.status === 'sent', `${id} is sent`);

describe('An edit', () => {
  it('by another producer than its message’s comes after it', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [one, other] = await Promise.all([producer(), producer(), consumer()]);
    const { id } = (await post<Told>(one.url, { chat_id: 42, text: 'firing' })).body;
    const { status, body } = await patch(other.url, id, 'resolved');
    expect(status).toBe(202);
    await isSent(other.url, body.id);
    expect(sandbox.accepted().map(({ method, params }) => [method, params.text])).toEqual([
      ['sendMessage', 'firing'],
      ['editMessageText', 'resolved'],
    ]);
  });

  it('whose consumer is killed before the answer is made again, and sends no further part twice', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [{ url }, first] = await Promise.all([producer(), consumer()]);
    const { id } = (await post<Told>(url, { chat_id: 42, text: 'a' })).body;
    await isSent(url, id);
    const shown = () => sandbox.chats.find('42')!.timeline.items.filter((item) => item.kind === 'message');
    const texts = () => shown().map(({ message }) => String(message.text)[0]);

    sandbox.fault({ match: { method: 'editMessageText' }, fault: { kind: 'slow', ms: 60_000 } });
    const edit = (await patch(url, id, 'b')).body;
    await sandbox.waitFor(2);
    await first.kill('SIGKILL');
    const second = await consumer();
    await isSent(url, edit.id);
    expect(texts()).toEqual(['b']);

    sandbox.fault({ match: { method: 'sendMessage' }, fault: { kind: 'slow', ms: 60_000 } });
    const long = (await patch(url, id, `${'c '.repeat(2_000)}\n\n${'d '.repeat(2_000)}`)).body;
    await eventually(() => texts().length === 2, 'the further part has arrived');
    await second.kill('SIGKILL');
    await consumer();
    await eventually(async () => {
      const { status } = (await request<Told>(`${url}/v1/messages/${long.id}`)).body;
      return status === 'uncertain' || status === 'sent';
    }, 'it is over');
    expect(texts()).toEqual(['c', 'd']);
  }, 60_000);
});
