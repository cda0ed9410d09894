import { Parser } from '@asyncapi/parser';
import { message, messageEvent, names } from '@app/contracts';
import { z } from 'zod';

const at = names('telegramq');

const schema = (of: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(of, { io, target: 'draft-7', unrepresentable: 'any' });

const exchange = (name: string, type: 'topic' | 'fanout') => ({
  amqp: { is: 'routingKey', exchange: { name, type, durable: true, autoDelete: false }, bindingVersion: '0.3.0' },
});

const operation = (action: 'send' | 'receive', channel: string, summary: string) => ({
  action,
  channel: { $ref: `#/channels/${channel}` },
  summary,
});

const channel = (name: string, type: 'topic' | 'fanout', of: string, description: string) => ({
  address: name,
  description,
  messages: { [of]: { $ref: `#/components/messages/${of}` } },
  bindings: exchange(name, type),
});

const described = () => ({
  asyncapi: '3.0.0',
  info: { title: 'TelegraMQ on AMQP', version: '1', description: 'Names have the default prefix `telegramq`.' },
  defaultContentType: 'application/json',
  channels: {
    inbox: channel(at.inbox, 'topic', 'message', 'Publish here from any language, with any routing key.'),
    events: channel(at.events, 'topic', 'event', 'Routing key: `message.<status>`. Told at least once, in order.'),
    dead: channel(at.dead, 'fanout', 'deadLetter', 'What could not be delivered or understood, with reason headers.'),
  },
  operations: {
    takeMessage: operation('receive', 'inbox', 'Takes a message to be sent'),
    tellEvent: operation('send', 'events', 'Tells what happened to a message'),
    buryLetter: operation('send', 'dead', 'Puts away what is given up'),
  },
  components: {
    messages: {
      message: { title: 'A message to be sent', payload: schema(message, 'input') },
      event: { title: 'What happened to a message', payload: schema(messageEvent, 'output') },
      deadLetter: { title: 'The body as it was: it may be anything', payload: {} },
    },
  },
});

/**
 * The text of docs/asyncapi.json: the exchanges that others publish to or bind to.
 *
 * @throws Error where AsyncAPI's own parser finds an error in it.
 */
export async function asyncApiJson(): Promise<string> {
  const text = `${JSON.stringify(described(), null, 2)}\n`;
  const errors = (await new Parser().validate(text)).filter(({ severity }) => Number(severity) === 0);
  if (errors.length > 0) throw new Error(`docs/asyncapi.json: ${errors.map((one) => one.message).join('; ')}`);
  return text;
}
