import { isKnownMethod, isQueued, methodNames, parametersOf, typeOf } from '@app/contracts';
import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../apps/sandbox/src/journal';
import type { Sandbox } from '../../apps/sandbox/src/sandbox';
import { aSandbox, botToken, broker, post, postForm, request, startConsumer, startProducer, type FormFile } from '../support'; // prettier-ignore

type Values = Record<string, unknown>;

const reply_markup = {
  inline_keyboard: [
    [
      { text: 'ü 🎉', callback_data: 'é'.repeat(32) },
      { text: '"a"', callback_data: '{"a": 1}' },
    ],
    [{ text: 'b', url: 'https://example.org/?a=1&b=%20#c', style: 'danger' }],
    [
      { text: 'c', copy_text: { text: ' \n ' } },
      { text: 'd', disabled: {} },
    ],
  ],
};

/** What an example cannot be told from its type. */
const special: Values = { reply_markup, url: 'https://example.org/', emoji: '🎲', provider_data: '{"a": [1]}' };
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

const isFile = (value: unknown): boolean => typeof value === 'string' && value.startsWith('AgAD-');

/** The example with a part of the form in place of each file; those inside of objects are named by `attach://`. */
function asForm(example: Values): {
  fields: Record<string, string | FormFile>;
  files: Map<string, string>;
  params: Values;
} {
  const files = new Map<string, string>();
  const attached = (_name: string, value: unknown): unknown => {
    if (!isFile(value)) return value;
    const part = `part${files.size}`;
    files.set(part, `bytes of ${part}`);
    return `attach://${part}`;
  };
  const fields: Record<string, string | FormFile> = {};
  const params: Values = {};
  for (const [name, value] of Object.entries(example)) {
    if (isFile(value)) {
      files.set(name, `bytes of ${name}`);
    } else {
      fields[name] = typeof value === 'object' ? JSON.stringify(value, attached) : String(value);
      params[name] = typeof value === 'object' ? JSON.parse(fields[name]) : fields[name];
    }
  }
  for (const [name, content] of files) fields[name] = { content, name: `${name} ü.bin` };
  return { fields, files, params };
}

/** Methods that make, change or remove what stands in a chat, or show a sign there; and those of them that take files. */
const methods = methodNames.filter((method) => isQueued(method) || method.startsWith('send'));
const uploading = methods.filter((method) => /"AgAD-/.test(JSON.stringify(exampleOf(method))));

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

  /** The last of the messages that stand in the chat before: number 7, as the examples have it. */
  let before: JournalEntry;
  beforeEach(async () => {
    sandbox.reset();
    const poll = JSON.stringify({ chat_id: 42, question: 'Why?', options: ['a', 'b'] });
    const headers = { 'content-type': 'application/json' };
    for (let id = 1; id <= 7; id += 1) {
      await request(`${sandbox.url}/bot${botToken}/sendPoll`, { method: 'POST', body: poll, headers });
    }
    before = sandbox.journal().at(-1)!;
    expect(before.message_ids).toEqual([7]);
  });

  const arrived = async (): Promise<JournalEntry> => {
    await sandbox.waitFor((calls) => calls.length > 7);
    return sandbox.journal({ since: before.seq })[0]!;
  };

  it('is known, and there are dozens', () => {
    expect(methods.length).toBeGreaterThan(50);
    for (const method of ['sendMessage', 'sendMediaGroup', 'sendChatAction', 'copyMessages', 'editMessageMedia', 'deleteMessages', 'pinChatMessage', 'setMessageReaction', 'sendRichMessage', 'sendChecklist']) expect(methods).toContain(method); // prettier-ignore
    for (const method of ['sendPhoto', 'sendMediaGroup', 'sendPaidMedia', 'editMessageMedia', 'sendPoll', 'sendVideo']) expect(uploading).toContain(method); // prettier-ignore
  });

  it.each(methods)('%s arrives with its parameters as they were given', async (method) => {
    const payload = exampleOf(method);
    const { status, body } = await post(url, { method, ...payload });
    expect([status, body.errors]).toEqual([202, undefined]);
    const call = await arrived();
    expect([call.method, call.params]).toEqual([method, payload]);
    expect([call.verdict, call.error?.description]).toEqual(['accepted', undefined]);
  });

  it.each(uploading)('%s arrives with its files as they were given, and everything else', async (method) => {
    const { fields, files, params } = asForm(exampleOf(method));
    const { status, body } = await postForm(url, { method, ...fields });
    expect([status, body.errors]).toEqual([202, undefined]);
    const call = await arrived();
    const given = Object.entries(call.params).filter(([name]) => !files.has(name));
    expect([call.method, Object.fromEntries(given)]).toEqual([method, params]);
    const got = call.files.map(({ field, name, sha256 }) => [field, name, sha256]);
    const sent = [...files].map(([field, content]) => [field, `${field} ü.bin`, sha256Of(content)]);
    expect(got.toSorted()).toEqual(sent.toSorted());
    expect([call.verdict, call.error?.description]).toEqual(['accepted', undefined]);
  });

  it('that Telegram adds later passes as well, with a warning in the status', async () => {
    expect(isKnownMethod('sendHologram')).toBe(false);
    const payload = { chat_id: 42, hologram: { depth: 1.5, layers: [1, '2', null] } };
    const { body } = await post<{ id: string }>(url, { method: 'sendHologram', ...payload });
    const call = await arrived();
    expect([call.method, call.params]).toEqual(['sendHologram', payload]);
    expect((await request(`${url}/v1/messages/${body.id}`)).body).toMatchObject({ warnings: ['unknown_method'] });
  });
});

const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex');
