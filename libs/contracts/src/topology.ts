import { priorities, type Priority } from './message';

/** An exchange, a queue and their bindings as data; `libs/broker` declares them, docs/queues.md is generated from them. */
export interface Topology {
  exchanges: { name: string; type: 'topic' | 'fanout'; about: string }[];
  queues: { name: string; arguments: Record<string, unknown>; about: string }[];
  bindings: { queue: string; exchange: string; key: string }[];
  /** From one exchange to another. */
  routes: { to: string; exchange: string; key: string }[];
}

/**
 * Levels of delay: level n holds a message for 2^n seconds, and a delay goes through the levels that are the binary
 * digits of its seconds. 2^22 s (48 days) is the longest power of two that a queue's TTL can be (below 2^32 ms).
 */
const delayLevels = 23;

/** The longest delay of one pass through the levels, in seconds: 97 days. A longer one takes several. */
const longestDelaySeconds = 2 ** delayLevels - 1;

/**
 * How often the broker hands out one message again before it dead-letters it: only crashes and kills of a consumer
 * count, since waiting is never done by handing back. RabbitMQ 4 would stop at 20, which a rolling restart can reach.
 */
const deliveryLimit = 100;

/**
 * How often a message may go back to its waiting room: once for each wait of its chat of more than seconds, and for each
 * restart. It bounds nothing that ends by itself.
 */
const roomLimit = 100_000;

/** Waiting rooms of each bot that stand ready, since making one takes a second in which its messages fill the prefetch. */
export const spareRooms = 2;

/** As often a letter may be handed back because the ledger was away for ten minutes: a week. */
const recordLimit = 1000;

/** Names of everything under one prefix. */
export const names = (prefix: string) => ({
  /** Exchange and queue: the public way in. */
  inbox: `${prefix}.inbox`,
  /** Exchange and queue: what could not be delivered or understood. */
  dead: `${prefix}.dead`,
  /** Queue: the same letters once more, for the ledger. */
  deadRecord: `${prefix}.dead.record`,
  /** Exchange: what happens to messages, for anyone; routing key: `message.<status>`. */
  events: `${prefix}.events`,
  /** Exchange in front of the delivery queues; routing key: {@link deliverKey}, or the bot alone for `normal`. */
  deliver: `${prefix}.deliver`,
  /** Delivery queue of one bot and class. */
  deliverQueue: (bot: string, priority: Priority = 'normal') =>
    priority === 'normal' ? `${prefix}.deliver.${bot}` : `${prefix}.deliver.${bot}.${priority}`,
  /** Exchange and queue of one level of delay. */
  delay: (level: number) => `${prefix}.delay.${level}`,
  /** Waiting room: queue of a chat that must wait. Made when it is needed, used for one chat after the other. */
  room: (bot: string, number: number) => `${prefix}.wait.${bot}.${number}`,
  /** Exclusive queue of the one instance that delivers for the bot. */
  lease: (bot: string) => `${prefix}.active.${bot}`,
  /** Queue on which every consumer instance stands, so that they can be counted. */
  instances: `${prefix}.instances`,
  /** Queue of one producer, there while that lives: answers that its clients of the Bot API door wait for. */
  answers: (producer: string) => `${prefix}.answers.${producer}`,
});

/** Routing key of a message on its way to the delivery queue. */
export const deliverKey = (bot: string, priority: Priority): string => `to.${bot}.${priority}`;

/** Where to publish what is to come to the delivery queue after so many whole seconds, at least 1; see {@link secondsUntil}. */
export function delayed(prefix: string, seconds: number, bot: string, priority: Priority) {
  const digits = seconds.toString(2).padStart(delayLevels, '0');
  const level = delayLevels - 1 - digits.indexOf('1');
  return { exchange: names(prefix).delay(level), routingKey: [...digits, deliverKey(bot, priority)].join('.') };
}

/** Quorum everywhere: replicated in a cluster, and the faster kind once publishes overlap. */
const quorum = { 'x-queue-type': 'quorum' };

/** Nothing is lost on the way to the dead-letter exchange: the source keeps a message until the target has it. */
const deadLetterTo = (exchange: string) => ({
  'x-dead-letter-exchange': exchange,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

/** The exchange that every broker has and that its MQTT and STOMP plugins publish to. */
const amqTopic = 'amq.topic';

export function topology(prefix: string, bots: readonly string[]): Topology {
  const at = names(prefix);
  return {
    exchanges: [
      { name: at.inbox, type: 'topic', about: 'Publish here from any language, with any routing key.' },
      { name: at.dead, type: 'fanout', about: 'Dead letters of every queue.' },
      {
        name: at.events,
        type: 'topic',
        about: 'Bind here to hear what becomes of messages; routing key `message.<status>`.',
      },
      { name: at.deliver, type: 'topic', about: 'Internal: from the producer to the delivery queue of a bot.' },
      ...levels.map((level) => ({
        name: at.delay(level),
        type: 'topic' as const,
        about: `Internal: delays with the binary digit of ${2 ** level} s next.`,
      })),
    ],
    queues: [
      { name: at.dead, arguments: quorum, about: 'What could not be delivered or understood, with reason headers.' },
      {
        name: at.deadRecord,
        arguments: { ...quorum, 'x-delivery-limit': recordLimit },
        about: 'Internal: the same letters on their way to the ledger.',
      },
      {
        name: at.inbox,
        arguments: { ...quorum, ...deadLetterTo(at.dead), 'x-delivery-limit': deliveryLimit },
        about: 'Read by the producer, which validates and enqueues.',
      },
      ...bots.flatMap((bot) =>
        priorities.map((priority) => ({
          name: at.deliverQueue(bot, priority),
          arguments: {
            ...quorum,
            ...deadLetterTo(at.dead),
            'x-delivery-limit': deliveryLimit,
            'x-single-active-consumer': true,
          },
          about: `Internal: what bot \`${bot}\` has to deliver with priority \`${priority}\`. One consumer instance reads it at a time.`,
        })),
      ),
      ...bots.flatMap((bot) =>
        Array.from({ length: spareRooms }, (_, number) => ({
          name: at.room(bot, number),
          arguments: roomArguments(prefix),
          about: `Internal: waiting room of bot \`${bot}\`; further ones are made when they are needed.`,
        })),
      ),
      ...levels.map((level) => ({
        name: at.delay(level),
        arguments: {
          ...quorum,
          ...deadLetterTo(level > 0 ? at.delay(level - 1) : at.deliver),
          'x-message-ttl': 2 ** level * 1000,
        },
        about: `Internal: holds a message for ${2 ** level} s.`,
      })),
      { name: at.instances, arguments: quorum, about: 'Internal: always empty; its consumers are the instances.' },
    ],
    bindings: [
      { queue: at.dead, exchange: at.dead, key: '' },
      { queue: at.deadRecord, exchange: at.dead, key: '' },
      { queue: at.inbox, exchange: at.inbox, key: '#' },
      { queue: at.inbox, exchange: amqTopic, key: at.inbox },
      ...bots.flatMap((bot) => [
        { queue: at.deliverQueue(bot), exchange: at.deliver, key: bot },
        ...priorities.map((priority) => ({
          queue: at.deliverQueue(bot, priority),
          exchange: at.deliver,
          key: `#.${deliverKey(bot, priority)}`,
        })),
      ]),
      ...levels.map((level) => ({ queue: at.delay(level), exchange: at.delay(level), key: digit(level, 1) })),
    ],
    routes: levels.map((level) => ({
      to: level > 0 ? at.delay(level - 1) : at.deliver,
      exchange: at.delay(level),
      key: digit(level, 0),
    })),
  };
}

/** Arguments of every waiting room. */
export const roomArguments = (prefix: string): Record<string, unknown> => ({
  ...quorum,
  ...deadLetterTo(names(prefix).dead),
  'x-delivery-limit': roomLimit,
});

/** Whole seconds of delay until that moment, as far as one pass goes; a moment that is nearer than half a second is now. */
export const secondsUntil = (moment: number | undefined): number =>
  Math.min(longestDelaySeconds, Math.max(0, Math.round(((moment ?? 0) - Date.now()) / 1000)));

const levels = Array.from({ length: delayLevels }, (_, level) => level);

/** Matches keys whose digit of that level is this one. */
const digit = (level: number, value: 0 | 1): string => `${'*.'.repeat(delayLevels - 1 - level)}${value}.#`;
