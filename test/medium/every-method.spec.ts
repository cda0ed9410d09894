import { isKnownMethod, isQueued, methodNames, parametersOf, typeOf } from '@app/contracts';
import { createHash } from 'node:crypto';
import type { Sandbox } from '../../apps/sandbox/src/sandbox';
import { aSandbox, broker, post, request, startConsumer, startProducer } from '../support';

type Values = Record<string, unknown>;

/** What an example cannot be told from its type. */
const special: Record<string, unknown> = { parse_mode: 'HTML', text_parse_mode: 'HTML', url: 'https://example.org/', emoji: '🎲', color: 1 }; // prettier-ignore
const ofMethod: Record<string, Values> = { sendPoll: { type: 'quiz', correct_option_ids: [0] } };
/** Deeper than that objects have only what they must have. */
const deepest = 2;

/** A value of a type, with all that it can hold. */
function example(written: string, name: string, depth: number): unknown {
  const type = typeOf(written);
  if (name in special) return special[name];
  switch (type.is) {
    case 'Integer':
      return 7;
    case 'Float':
      return 1.5;
    case 'Boolean':
      return true;
    case 'ChatId':
      return 42;
    case 'File':
      return `AgAD-${name}`;
    case 'String':
      return `ü ${name}`.slice(0, Math.min(type.most, 30));
    case 'literal':
      return type.texts[0];
    case 'array':
      return Array.from({ length: Math.max(1, type.least) }, (_, at) => {
        const item = example(type.item, name, depth + 1);
        return typeof item === 'number' ? item + at : item;
      });
    case 'union':
      return example(type.of[0]!, name, depth);
    case 'object':
      return Object.fromEntries(
        type.fields
          .filter(({ required }) => required || depth < deepest)
          .map((field) => [field.name, example(field.type, field.name, depth + 1)]),
      );
  }
}

const exampleOf = (method: string): Values => {
  const all = [...parametersOf(method)!.values()].map(({ name, type }) => [name, example(type, name, 0)] as const);
  return { ...Object.fromEntries(all), ...ofMethod[method] };
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Methods that make, change or remove what stands in a chat, and those that take files besides. */
const methods = methodNames.filter((method) => isQueued(method));
const uploading = methods.filter((method) => [...parametersOf(method)!.values()].some(({ type }) => type === 'File'));

describe('Every method of the Bot API about messages', () => {
  let url: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    const at = await broker();
    sandbox = await aSandbox();
    const rates = { TELEGRAM_RATE_GLOBAL: '1000/1s', TELEGRAM_RATE_PRIVATE: '1000/1s' };
    const [producer] = await Promise.all([startProducer(at), startConsumer(at, { ...rates, TELEGRAM_API_ROOT: sandbox.url })]); // prettier-ignore
    url = producer.url;
  });
  beforeEach(() => sandbox.reset());

  /** What Telegram got first: whether it likes an example is its business. */
  const first = async () => (await sandbox.waitFor((calls) => calls.length > 0), sandbox.journal()[0]!);

  it('is known, and there are dozens', () => {
    expect(methods.length).toBeGreaterThan(50);
    for (const method of ['sendMessage', 'sendMediaGroup', 'copyMessages', 'editMessageMedia', 'deleteMessages', 'pinChatMessage', 'setMessageReaction', 'sendRichMessage', 'sendChecklist']) expect(methods).toContain(method); // prettier-ignore
    expect(uploading.length).toBeGreaterThan(8);
  });

  it.each(methods)('%s arrives with its parameters as they were given', async (method) => {
    const payload = exampleOf(method);
    const { status, body } = await post(url, { method, ...payload });
    expect([status, body.errors]).toEqual([202, undefined]);
    const call = await first();
    expect([call.method, call.params]).toEqual([method, payload]);
  });

  it.each(uploading)('%s arrives with its files as they were given, and everything else', async (method) => {
    const form = new FormData();
    form.set('method', method);
    const files = new Map<string, Buffer>();
    const expected: Values = {};
    for (const [name, value] of Object.entries(exampleOf(method))) {
      if (parametersOf(method)!.get(name)?.type === 'File') {
        const bytes = Buffer.from(`bytes of ${name} for ${method}`);
        files.set(name, bytes);
        form.set(name, new Blob([bytes]), `${name} "ü".bin`);
      } else {
        form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
        expected[name] = typeof value === 'object' ? value : String(value);
      }
    }
    const { status, body } = await request(`${url}/v1/messages`, { method: 'POST', body: form });
    expect([status, body.errors]).toEqual([202, undefined]);
    const call = await first();
    const given = Object.entries(call.params).filter(([name]) => !files.has(name));
    expect(Object.fromEntries(given)).toEqual(expected);
    const arrived = call.files.map(({ field, sha256: hash }) => [field, hash]);
    expect(arrived.toSorted()).toEqual([...files].map(([field, bytes]) => [field, sha256(bytes)]).toSorted());
  });

  it('that Telegram adds later passes as well, with a warning in the status', async () => {
    expect(isKnownMethod('sendHologram')).toBe(false);
    const payload = { chat_id: 42, hologram: { depth: 1.5, layers: [1, '2', null] } };
    const { body } = await post<{ id: string }>(url, { method: 'sendHologram', ...payload });
    const call = await first();
    expect([call.method, call.params]).toEqual(['sendHologram', payload]);
    expect((await request(`${url}/v1/messages/${body.id}`)).body).toMatchObject({ warnings: ['unknown_method'] });
  });
});
