import { deadLetter } from '@app/broker';
import { message, names, topology } from '@app/contracts';
import type { ConsumeMessage } from 'amqplib';
import { readInbox } from '../../apps/producer/src/accept/amqp/read-inbox';
import { generated } from './generated';

const prefix = 'telegramq';
const { exchanges, queues: declared, bindings, routes } = topology(prefix, ['default']);

/** Bodies that the inbox takes, with what each is. */
const inboxExamples = [
  {
    about: 'JSON, as for `POST /v1/messages`; an array of messages as well:',
    body: '{"chat_id": 123456789, "text": "Hello", "delivery": {"ttl": "1h"}}',
  },
  {
    about: 'The same in the envelope that `ClientRMQ` of NestJS sends:',
    body: '{"pattern": "message.send", "data": {"text": "Hello"}}',
  },
  {
    about: '`content_type: text/plain`: a text to the chat of the `chat_id` header, or to the default chat:',
    contentType: 'text/plain',
    body: 'The backup is done.',
  },
];

/** What the headers of a dead letter say. */
const headers: Record<string, string> = {
  'x-reason': 'Why, in one word: a reason of [errors.md](errors.md).',
  'x-description': 'In words: what was wrong, or what Telegram said; at most 1000 characters.',
  'x-error-code': 'Telegram’s `error_code`, where Telegram answered.',
  'x-attempts': 'Calls to Telegram that counted as attempts, where it got so far.',
  'x-queue': 'The queue that the message stood in.',
  'x-failed-at': 'When it was given up, RFC 3339.',
};

/** The text of docs/queues.md. @throws Error where an example or a header is not what the code reads or writes. */
export function queues(): string {
  checkExamples();
  checkHeaders();
  return `${generated}

# Exchanges and queues

Names begin with \`QUEUE_PREFIX\`, here \`${prefix}\`; there is one delivery queue a bot, here of the bot \`default\`.
Everything is durable and declared by both apps whenever they connect. Publish to \`${names(prefix).inbox}\`, read
\`${names(prefix).dead}\`; what is called internal may change from one version to the next.

## Exchanges

${table(
  ['Exchange', 'Type', 'What for'],
  exchanges.map(({ name, type, about }) => [`\`${name}\``, type, about]),
)}

## Queues

${table(
  ['Queue', 'Arguments', 'What for'],
  declared.map((queue) => [`\`${queue.name}\``, argumentsOf(queue.arguments), queue.about]),
)}

Beside these, each producer has an exclusive queue \`${names(prefix).answers('<id>')}\` while it lives, internal: answers that its
clients of the Bot API door wait for.

## Bindings

${table(
  ['Exchange', 'Routing key', 'Queue, or exchange'],
  [...bindings.map(({ queue: to, ...binding }) => ({ to, ...binding })), ...routes].map(({ exchange, key, to }) => [
    `\`${exchange}\``,
    key ? `\`${key}\`` : 'any',
    `\`${to}\``,
  ]),
)}

\`amq.topic\` is what the MQTT and STOMP plugins of RabbitMQ publish to by default.

## Inbox

Publish to the exchange \`${names(prefix).inbox}\` with any routing key, in UTF-8:

${inboxExamples.map(({ about, body }) => `- ${about}\n\n  \`\`\`\n  ${body}\n  \`\`\`\n`).join('\n')}
AMQP properties stand for fields that the body does not give: \`expiration\` (milliseconds) for \`delivery.ttl\`, and a
\`priority\` of 5 or more for \`delivery.priority: high\`. \`content_encoding\` must be \`utf-8\` or not set. What cannot be
understood becomes a dead letter with the reason \`invalid_command\`.

Queues named in \`TEXT_QUEUES\` are read as well: each body, whatever its properties, is a text for the default chat. Such
a queue is used as it stands; where it does not stand yet it is declared as in the tutorials of RabbitMQ: not durable, no
arguments.

## Dead letters

A dead letter in \`${names(prefix).dead}\` has the body, content type and headers of the message as it was read, and:

${table(
  ['Header', 'Meaning'],
  Object.entries(headers).map(([name, about]) => [`\`${name}\``, about]),
)}

A message that the broker gave up by itself, because it was handed out too often or because its \`expiration\` had passed,
has no \`x-reason\`; RabbitMQ’s own \`x-first-death-reason\` says which.
`;
}

const argumentsOf = (list: Record<string, unknown>): string =>
  Object.entries(list)
    .map(([name, value]) => `\`${name}: ${String(value)}\``)
    .join('<br>');

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function checkExamples(): void {
  for (const { contentType, body } of inboxExamples) {
    const incoming = readInbox({ content: Buffer.from(body), properties: { contentType } } as ConsumeMessage);
    if ('unreadable' in incoming) throw new Error(`the inbox does not take ${body}: ${incoming.unreadable}`);
    message.parse(incoming.data);
  }
}

function checkHeaders(): void {
  const letter = { content: Buffer.alloc(0), properties: {} } as ConsumeMessage;
  const why = { reason: 'internal', description: '', errorCode: 0, attempts: 0 } as const;
  const written = Object.keys((deadLetter(prefix, letter, '', why).properties?.headers ?? {}) as object);
  if (written.join() !== Object.keys(headers).join()) {
    throw new Error(
      `scripts/docs/queues.ts describes the headers ${Object.keys(headers).join()}, not ${written.join()}`,
    );
  }
}
