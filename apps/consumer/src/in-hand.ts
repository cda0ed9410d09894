import type { Priority, SendMessage } from '@app/contracts';
import { Injectable } from '@nestjs/common';

/** The messages that this process holds, by when they could have been sent. */
@Injectable()
export class InHand {
  private readonly dueTimes = new Map<string, Set<{ due: number }>>();

  /** @returns to be called when it is out of hand */
  add({ bot, priority, ...command }: SendMessage): () => void {
    const all = this.of(bot, priority);
    const entry = { due: dueAt(command) };
    all.add(entry);
    return () => void all.delete(entry);
  }

  /** For how many seconds the oldest of them has been waiting; 0: there is none. */
  ageSeconds(bot: string, priority: Priority): number {
    const [oldest = Infinity] = [...this.of(bot, priority)].map(({ due }) => due).sort((a, b) => a - b);
    return Math.max(0, Date.now() - oldest) / 1000;
  }

  private of(bot: string, priority: Priority): Set<{ due: number }> {
    const key = `${bot} ${priority}`;
    const all = this.dueTimes.get(key) ?? new Set();
    this.dueTimes.set(key, all);
    return all;
  }
}

/** When a message could be sent at the earliest, in Unix milliseconds. */
export const dueAt = ({ send_at, created_at }: Pick<SendMessage, 'send_at' | 'created_at'>): number =>
  send_at ?? created_at;
