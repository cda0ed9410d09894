/** An exchange, a queue and their bindings as data; `libs/broker` declares them, docs/queues.md is generated from them. */
export interface Topology {
  exchanges: { name: string; type: 'topic' | 'fanout'; about: string }[];
  queues: { name: string; arguments: Record<string, unknown>; about: string }[];
  bindings: { queue: string; exchange: string; key: string }[];
}

/** Waits that have a queue of their own, in seconds. Longer ones take several of them, one after the other. */
export const parkSeconds = [5, 15, 60, 300, 900, 3600] as const;

/**
 * How often the broker hands out one message again before it dead-letters it: only crashes and kills of a consumer
 * count, since waiting is never done by handing back. RabbitMQ 4 would stop at 20, which a rolling restart can reach.
 */
const deliveryLimit = 100;

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
  /** Exchange in front of the delivery queues; routing key: the bot, or `<anything>.<bot>`. */
  deliver: `${prefix}.deliver`,
  /** Delivery queue of one bot. */
  deliverQueue: (bot: string) => `${prefix}.deliver.${bot}`,
  /** Exchange in front of the waiting queues; routing key: `<seconds>.<bot>`. */
  park: `${prefix}.park`,
  parkQueue: (seconds: number) => `${prefix}.park.${seconds}`,
});

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
      { name: at.park, type: 'topic', about: 'Internal: messages that must wait.' },
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
      ...bots.map((bot) => ({
        name: at.deliverQueue(bot),
        arguments: {
          ...quorum,
          ...deadLetterTo(at.dead),
          'x-delivery-limit': deliveryLimit,
          'x-single-active-consumer': true,
        },
        about: `Internal: what bot \`${bot}\` has to deliver. One consumer instance reads it at a time.`,
      })),
      ...parkSeconds.map((seconds) => ({
        name: at.parkQueue(seconds),
        arguments: { ...quorum, ...deadLetterTo(at.deliver), 'x-message-ttl': seconds * 1000 },
        about: `Internal: holds a message for ${seconds} s, then hands it back to its delivery queue.`,
      })),
    ],
    bindings: [
      { queue: at.dead, exchange: at.dead, key: '' },
      { queue: at.deadRecord, exchange: at.dead, key: '' },
      { queue: at.inbox, exchange: at.inbox, key: '#' },
      { queue: at.inbox, exchange: amqTopic, key: at.inbox },
      ...bots.flatMap((bot) => [
        { queue: at.deliverQueue(bot), exchange: at.deliver, key: bot },
        { queue: at.deliverQueue(bot), exchange: at.deliver, key: `*.${bot}` },
      ]),
      ...parkSeconds.map((seconds) => ({ queue: at.parkQueue(seconds), exchange: at.park, key: `${seconds}.*` })),
    ],
  };
}
