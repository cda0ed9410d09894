import { DeliveryServer } from '../../apps/consumer/src/consume/delivery.server';
import { checkHandlers } from '../../apps/consumer/src/consume/handlers';
import { readConsumerSettings } from '../../apps/consumer/src/consumer.settings';
import type { Delivery } from '../../apps/consumer/src/delivery';
import { botToken } from '../support';

describe('the handlers of the consumer', () => {
  /** A server as Nest fills it, one handler a pattern given. */
  function serverWith(...patterns: string[]): DeliveryServer {
    const settings = readConsumerSettings({ TELEGRAM_BOT_TOKEN: botToken });
    const server = new DeliveryServer(settings, undefined as unknown as Delivery); // Nothing is delivered here.
    for (const pattern of patterns) server.addHandler(pattern, () => Promise.resolve(), true);
    return server;
  }

  it('fit when each pattern has one', () => {
    expect(() => checkHandlers(serverWith('message.send'))).not.toThrow();
  });

  it('stop the start when a pattern has none, saying what to add', () => {
    expect(() => checkHandlers(serverWith())).toThrow(
      "message.send has no handler: add a method with @EventPattern('message.send')",
    );
  });

  it('stop the start when a pattern has two', () => {
    expect(() => checkHandlers(serverWith('message.send', 'message.send'))).toThrow('message.send has two handlers');
  });

  it('stop the start when one handles a pattern that nobody sends', () => {
    expect(() => checkHandlers(serverWith('message.send', 'message.burn'))).toThrow(
      'message.burn is handled but not in',
    );
  });
});
