import { isRecord, type Params } from '../call';
import { type Chat, CHAT_STATES, CHAT_TYPES, chatView } from '../chats';
import { type JournalFilter, type Verdict, VERDICTS } from '../journal';
import { type LimitSpec, parseRate, WINDOWS } from '../limits';
import type { Sandbox } from '../sandbox';
import { Fields, Invalid } from './check';
import { faultSpec } from './fault-spec';

export interface ControlRequest {
  sandbox: Sandbox;
  /** The part of the path that names one thing. */
  id: string;
  query: Record<string, string>;
  body: unknown;
}

export interface Route {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: RegExp;
  /** Default 200. */
  status?: number;
  /** The answer; `undefined`: there is nothing with this id. */
  run: (request: ControlRequest) => object | undefined;
}

const NOT_AN_OBJECT = new Invalid([{ field: 'body', message: 'must be a JSON object' }]);

/** Runs `read` over the body's fields and hands its result on, unless one of them is wrong. */
function withFields<T extends object>(
  body: unknown,
  read: (fields: Fields) => T,
  use: (value: T) => object | undefined,
) {
  if (!isRecord(body)) return NOT_AN_OBJECT;
  const fields = new Fields(body);
  const value = read(fields);
  fields.strangers();
  return fields.errors.length > 0 ? new Invalid(fields.errors) : use(value);
}

/** Numbers in a query are text; what is no number stays text, to be refused. */
const numbered = (query: Record<string, string>, names: string[]): Params =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, names.includes(name) && value !== '' ? Number(value) : value]),
  );

function journalFilter(fields: Fields): JournalFilter {
  const verdicts = fields.text('verdict')?.split(',');
  if (verdicts && !verdicts.every((word) => VERDICTS.includes(word as Verdict))) {
    fields.wrong('verdict', `must be one or more of ${VERDICTS.join(', ')}, with commas between`);
  }
  return {
    chat_id: fields.chatId('chat_id'),
    method: fields.text('method'),
    bot: fields.text('bot'),
    since: fields.integer('since', 0),
    limit: fields.integer('limit', 1),
    verdict: verdicts as Verdict[] | undefined,
  };
}

const chatLine = (chat: Chat) => ({
  ...chatView(chat),
  name: chat.title,
  state: chat.state,
  missing_threads: chat.missing_threads,
  missing_messages: chat.missing_messages,
  ...(chat.migrate_to_chat_id === undefined ? {} : { migrate_to_chat_id: chat.migrate_to_chat_id }),
  messages: chat.timeline.sent,
  last: chat.timeline.items.at(-1) ?? null,
});

const page = (fields: Fields) => ({ limit: Math.min(fields.integer('limit', 1) ?? 200, 1000) });

const FILTER_NUMBERS = ['since', 'limit'];

export const ROUTES: Route[] = [
  { method: 'GET', path: /^\/sandbox\/health$/, run: () => ({ status: 'ok' }) },
  {
    method: 'DELETE',
    path: /^\/sandbox$/,
    run: ({ sandbox }) => {
      sandbox.reset();
      return { reset: true };
    },
  },
  {
    method: 'GET',
    path: /^\/sandbox\/journal$/,
    run: ({ sandbox, query }) =>
      withFields(numbered(query, FILTER_NUMBERS), journalFilter, (filter) =>
        sandbox.journal({ limit: 10_000, ...defined(filter) }),
      ),
  },
  {
    method: 'GET',
    path: /^\/sandbox\/journal\/count$/,
    run: ({ sandbox, query }) =>
      withFields(numbered(query, FILTER_NUMBERS), journalFilter, (filter) => sandbox.calls.count(filter)),
  },
  { method: 'GET', path: /^\/sandbox\/faults$/, run: ({ sandbox }) => sandbox.faults.list() },
  {
    method: 'POST',
    path: /^\/sandbox\/faults$/,
    status: 201,
    run: ({ sandbox, body }) => withFields(body, faultSpec, (spec) => sandbox.fault(spec)),
  },
  {
    method: 'DELETE',
    path: /^\/sandbox\/faults$/,
    run: ({ sandbox }) => {
      sandbox.clearFaults();
      return [];
    },
  },
  {
    method: 'DELETE',
    path: /^\/sandbox\/faults\/(\d+)$/,
    run: ({ sandbox, id }) => (sandbox.faults.remove(Number(id)) ? sandbox.faults.list() : undefined),
  },
  { method: 'GET', path: /^\/sandbox\/limits$/, run: ({ sandbox }) => sandbox.limiter.get() },
  { method: 'PUT', path: /^\/sandbox\/limits$/, run: ({ sandbox, body }) => putLimits(sandbox, body) },
  { method: 'GET', path: /^\/sandbox\/methods$/, run: ({ sandbox }) => ({ refused: sandbox.refusedMethods() }) },
  {
    method: 'PUT',
    path: /^\/sandbox\/methods$/,
    run: ({ sandbox, body }) =>
      withFields(
        body,
        (fields) => ({ refused: fields.texts('refused') ?? [] }),
        ({ refused }) => {
          sandbox.refuseMethods(refused);
          return { refused: sandbox.refusedMethods() };
        },
      ),
  },
  {
    method: 'GET',
    path: /^\/sandbox\/chats$/,
    run: ({ sandbox, query }) => withFields(numbered(query, ['limit']), page, ({ limit }) => chatLines(sandbox, limit)),
  },
  {
    method: 'GET',
    path: /^\/sandbox\/chats\/([^/]+)\/messages$/,
    run: ({ sandbox, id, query }) =>
      withFields(numbered(query, ['limit']), page, ({ limit }) => sandbox.chats.find(id)?.timeline.items.slice(-limit)),
  },
  { method: 'PUT', path: /^\/sandbox\/chats\/([^/]+)$/, run: ({ sandbox, id, body }) => putChat(sandbox, id, body) },
];

/** The most recently active chats. */
export const chatLines = (sandbox: Sandbox, limit: number) => sandbox.chats.recent(limit).map(chatLine);

const defined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;

function putLimits(sandbox: Sandbox, body: unknown): object | undefined {
  if (body === 'on' || body === 'off') {
    sandbox.limits(body);
    return sandbox.limiter.get();
  }
  const read = (fields: Fields) => {
    const spec: Partial<LimitSpec> = {};
    for (const name of WINDOWS) {
      const text = fields.text(name);
      if (text === undefined) continue;
      if (parseRate(text) === undefined) fields.wrong(name, 'must look like 30/1s or be off');
      spec[name] = text;
    }
    return spec;
  };
  return withFields(body, read, (spec) => {
    sandbox.limits(spec);
    return sandbox.limiter.get();
  });
}

function putChat(sandbox: Sandbox, id: string, body: unknown): object | undefined {
  const read = (fields: Fields) => {
    const settings = {
      type: fields.oneOf('type', CHAT_TYPES),
      title: fields.text('title'),
      username: fields.text('username'),
      state: fields.oneOf('state', CHAT_STATES),
      migrate_to_chat_id: fields.integer('migrate_to_chat_id'),
      missing_threads: fields.integers('missing_threads'),
      missing_messages: fields.integers('missing_messages'),
    };
    if (settings.state === 'migrated' && settings.migrate_to_chat_id === undefined) {
      fields.wrong('migrate_to_chat_id', 'is needed with the state migrated');
    }
    return settings;
  };
  return withFields(body, read, (settings) => {
    const chat = sandbox.chats.configure(id, defined(settings));
    return chat ? chatLine(chat) : new Invalid([{ field: 'id', message: 'must be a chat id or @name' }]);
  });
}
