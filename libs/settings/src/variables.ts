import { chatId, duration, isHttpUrl, rate } from '@app/contracts';
import { z } from 'zod';
import { blobVariables } from './blobs';
import { apiTokens, commaList, hostOrNetwork, word, port } from './shapes';
import { both, variable, type App, type OfApp, type Variable } from './variable';

/** Every setting of TelegraMQ, except the tokens of further bots (see `bots.ts`), whose names are the user's to choose. */
export const variables = {
  rabbitmqUrls: variable({
    name: 'RABBITMQ_URL',
    about: 'Where the broker is. Comma-separated for the nodes of a cluster; `amqps://` for TLS.',
    schema: commaList(z.string().regex(/^amqps?:\/\/[^\s]+$/, 'must start with amqp:// or amqps://')).refine(
      (urls) => urls.length > 0,
      'must name at least one broker',
    ),
    fallback: 'amqp://guest:guest@127.0.0.1:5672',
    secret: true,
    usedBy: both,
  }),
  queuePrefix: variable({
    name: 'QUEUE_PREFIX',
    about: 'First word of every exchange and queue name, so that several TelegraMQ can share one broker.',
    schema: word.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _'),
    fallback: 'telegramq',
    usedBy: both,
  }),
  databaseUrl: variable({
    name: 'DATABASE_URL',
    about:
      'The ledger, where it is kept what became of messages: `file:<path>` for SQLite, when both apps run on one host; `postgres://user:password@host/database` for several hosts.',
    schema: z
      .string()
      .regex(/^(file:[^\s?#]+|postgres(ql)?:\/\/\S+)$/, 'must start with file: and a path, or with postgres://'),
    fallback: 'file:./data/telegramq.db',
    secret: true,
    usedBy: both,
  }),
  ledgerBodies: variable({
    name: 'LEDGER_BODIES',
    about: 'Whether the ledger keeps the content of messages: `on`, or `off`; what is not kept cannot be replayed.',
    schema: z.enum(['on', 'off'], { error: 'must be on or off' }).transform((text) => text === 'on'),
    fallback: 'on',
    usedBy: both,
  }),
  ledgerRetention: variable({
    name: 'LEDGER_RETENTION',
    about: 'How long the ledger remembers a message after its last change, like `30d` or `12h`.',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,3}[hd]$/, 'must look like 30d or 12h')
      .transform((text) => parseInt(text, 10) * (text.endsWith('d') ? 86_400_000 : 3_600_000)),
    fallback: '30d',
    usedBy: ['producer'],
  }),
  ...blobVariables,
  httpHost: variable({
    name: 'HTTP_HOST',
    about:
      'Address to listen on. The producer refuses anything beyond loopback while API_TOKENS is not set, because anyone who can reach it could send.',
    schema: word,
    fallback: '127.0.0.1',
    usedBy: both,
  }),
  httpPort: variable({
    name: 'HTTP_PORT',
    about: 'Port of the producer’s API, health and metrics. 0 takes any free one.',
    schema: port,
    fallback: '3000',
    usedBy: ['producer'],
  }),
  consumerHttpPort: variable({
    name: 'CONSUMER_HTTP_PORT',
    about: 'Port of the consumer’s health and metrics. 0 takes any free one.',
    schema: port,
    fallback: '3001',
    usedBy: ['consumer'],
  }),
  apiTokens: variable({
    name: 'API_TOKENS',
    about: 'Who may call the API: comma-separated `name:secret`, sent as `Authorization: Bearer <secret>`.',
    schema: apiTokens,
    example: 'billing:change-me-please-16',
    secret: true,
    usedBy: ['producer'],
  }),
  telegramApiRoot: variable({
    name: 'TELEGRAM_API_ROOT',
    about: 'Where the Bot API is: Telegram’s own, a local Bot API server or the sandbox. A path prefix works too.',
    schema: word.refine(isRoot, 'must be an http:// or https:// URL without user, query and fragment'),
    fallback: 'https://api.telegram.org',
    usedBy: both,
  }),
  botApiWait: variable({
    name: 'BOT_API_WAIT',
    about:
      'How long a client of the Bot API door waits for Telegram’s answer, like `60s` or `5m`, before it is told to ask again. With `0` it never waits: it gets the queued message as the result.',
    schema: z
      .string()
      .regex(/^(0|\d{1,6}[smh])$/, 'must look like 60s or 5m, or be 0')
      .transform((text) => (text === '0' ? 0 : duration.catch(0).parse(text)) * 1000)
      .refine((ms) => ms <= 86_400_000, 'must be at most 24h, after which a repetition is a new call'),
    fallback: '60s',
    usedBy: ['producer'],
  }),
  defaultChatId: variable({
    name: 'TELEGRAM_DEFAULT_CHAT_ID',
    about: 'Where a message without `chat_id` goes: a number, or `@name` of a public channel or group.',
    schema: z
      .string()
      .refine((text) => chatId.safeParse(text).success, 'must be a number or @name')
      .optional(),
    example: '123456789',
    usedBy: ['producer'],
  }),
  rateGlobal: variable({
    name: 'TELEGRAM_RATE_GLOBAL',
    about: 'Calls of one bot in any window, as Telegram documents them: 30 in any second.',
    schema: rate,
    fallback: '30/1s',
    usedBy: ['consumer'],
  }),
  ratePrivate: variable({
    name: 'TELEGRAM_RATE_PRIVATE',
    about: 'Calls to one private chat in any window: 1 in any second. `3/3s` lets three of them go at once.',
    schema: rate,
    fallback: '1/1s',
    usedBy: ['consumer'],
  }),
  rateGroup: variable({
    name: 'TELEGRAM_RATE_GROUP',
    about: 'Calls to one group, supergroup or channel in any window: 20 in any minute.',
    schema: rate,
    fallback: '20/60s',
    usedBy: ['consumer'],
  }),
  textQueues: variable({
    name: 'TEXT_QUEUES',
    about:
      'Comma-separated plain queues whose bodies are texts for the default chat, e.g. `hello` of the RabbitMQ tutorials. Needs TELEGRAM_DEFAULT_CHAT_ID.',
    schema: commaList(word.max(255, 'must be at most 255 characters')).refine(
      (queues) => new Set(queues).size === queues.length,
      'must name each queue once',
    ),
    example: 'hello',
    usedBy: ['producer'],
  }),
  fileAllow: variable({
    name: 'FILE_ALLOW',
    about:
      'Comma-separated host names, addresses or networks that files may be fetched from though they are not public. Files are fetched only where Telegram could not fetch them.',
    schema: commaList(hostOrNetwork),
    example: 'files.internal,10.2.0.0/16',
    usedBy: ['consumer'],
  }),
  webhookAllow: variable({
    name: 'WEBHOOK_ALLOW',
    about:
      'Comma-separated host names, addresses or networks that webhooks may lead to though they are not public, e.g. a receiver on this network. Nothing else that is private is ever connected to.',
    schema: commaList(hostOrNetwork),
    example: 'receiver.internal,10.1.0.0/16',
    usedBy: ['producer'],
  }),
  logLevel: variable({
    name: 'LOG_LEVEL',
    about: 'Least severe log line to write. Lines are JSON; pretty on a terminal.',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    }),
    fallback: 'info',
    usedBy: both,
  }),
};

/** The settings of one app. */
export const variablesOf = <A extends App>(app: A): OfApp<typeof variables, A> =>
  Object.fromEntries(Object.entries<Variable>(variables).filter(([, { usedBy }]) => usedBy.includes(app))) as OfApp<
    typeof variables,
    A
  >;

/** A query in the root would end up in every call's address. */
function isRoot(text: string): boolean {
  return isHttpUrl(text) && !new URL(text).search;
}
