import { deliverKey, type SendMessage } from '@app/contracts';
import { randomUUID } from 'node:crypto';
import type { Namespace } from './broker';

/** A command as the producer makes it. */
export const aCommand = (overrides: Partial<SendMessage> = {}): SendMessage => {
  const { chat_id = 42, payload, ...rest } = overrides;
  return {
    version: 1,
    id: randomUUID(),
    bot: 'default',
    method: 'sendMessage',
    payload: { chat_id, text: 'hello', ...payload },
    chat_id,
    priority: 'normal',
    on_uncertain: 'resend',
    created_at: Date.now(),
    ...rest,
  };
};

/** Puts commands on the delivery queues of their bots, as the producer does. */
export async function queue(at: Namespace, ...commands: SendMessage[]): Promise<void> {
  for (const data of commands) {
    await at.publish(
      at.names.deliver,
      deliverKey(data.bot, data.priority),
      { pattern: 'message.send', data },
      { messageId: data.id, persistent: true },
    );
  }
}
