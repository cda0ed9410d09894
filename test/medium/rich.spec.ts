import type { MessageReport } from '@app/contracts';
import { aSandbox, broker, eventually, post, request, startConsumer, startProducer } from '../support';

async function bothApps() {
  const [at, sandbox] = [await broker(), await aSandbox()];
  const environment = { TELEGRAM_API_ROOT: sandbox.url, TELEGRAM_RATE_PRIVATE: '100/1s' };
  const [{ url }, consumer] = await Promise.all([startProducer(at), startConsumer(at, environment)]);
  const send = async (message: object) => (await post<{ id: string }>(url, { chat_id: 1, ...message })).body.id;
  const sent = (id: string) =>
    eventually(async () => {
      const { body } = await request<MessageReport>(`${url}/v1/messages/${id}`);
      return body.status === 'sent' && body;
    }, 'it is sent');
  const restart = async () => {
    await consumer.close();
    await startConsumer(at, environment);
  };
  return { sandbox, send, sent, restart };
}

const text = '# Report\n\n| a | b |\n|---|---|\n| 1 | **2** |';
const methods = (sandbox: Awaited<ReturnType<typeof aSandbox>>) => sandbox.journal().map(({ method }) => method);

describe('A message in the format rich', () => {
  it('is a rich message of Telegram’s, with everything else that it says', async () => {
    const { sandbox, send, sent } = await bothApps();
    const keyboard = { inline_keyboard: [[{ text: 'x', url: 'https://example.org' }]] };
    const id = await send({
      text,
      format: 'rich',
      reply_markup: keyboard,
      link_preview_options: { is_disabled: true },
    });
    expect(await sent(id)).toMatchObject({ method: 'sendRichMessage', degradations: [], chunks: 1 });
    expect(sandbox.journal()).toMatchObject([{ method: 'sendRichMessage' }]);
    expect(sandbox.journal()[0]!.params).toEqual({
      chat_id: 1,
      rich_message: { markdown: text },
      reply_markup: keyboard,
    });
  });

  it('arrives as text where the server does not know it, and from then on at once', async () => {
    const { sandbox, send, sent } = await bothApps();
    sandbox.refuseMethods(['sendRichMessage']);
    const first = await sent(await send({ text, format: 'rich' }));
    const second = await sent(await send({ text: '**x**', format: 'rich' }));
    expect(methods(sandbox)).toEqual(['sendRichMessage', 'sendMessage', 'sendMessage']);
    expect([first.degradations, second.degradations]).toEqual([['not_rich'], ['not_rich']]);
    expect(sandbox.accepted()[1]!.params).toEqual({ chat_id: 1, text: 'x', entities: [{ type: 'bold', offset: 0, length: 1 }] }); // prettier-ignore
  });

  it('goes on with the parts of its text where it was, also after a restart', async () => {
    const { sandbox, send, sent, restart } = await bothApps();
    sandbox.refuseMethods(['sendRichMessage']);
    sandbox.fault({
      match: { method: 'sendMessage' },
      after: 2,
      fault: { kind: 'code', error_code: 429, retry_after: 4 },
    });
    const id = await send({
      text: Array.from({ length: 5 }, (_, n) => `${n}`.repeat(3000)).join('\n\n'),
      format: 'rich',
    });
    await sandbox.waitFor((calls) => calls.length === 4);
    await restart();
    expect(await sent(id)).toMatchObject({ chunks: 5, degradations: ['not_rich'] });
    expect(sandbox.accepted().map(({ params }) => String(params.text)[0])).toEqual(['0', '1', '2', '3', '4']);
  }, 30_000);

  it('is text at once where it is longer than a rich message may be', async () => {
    const { sandbox, send, sent } = await bothApps();
    const report = await sent(await send({ text: 'word '.repeat(7_000), format: 'rich' }));
    expect(report).toMatchObject({ method: 'sendMessage', degradations: ['not_rich'] });
    expect(new Set(methods(sandbox))).toEqual(new Set(['sendMessage']));
  });
});
