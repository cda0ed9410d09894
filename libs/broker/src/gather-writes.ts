import type { Channel } from 'amqplib';
import type { Socket } from 'node:net';

const gathered = new WeakSet<Socket>();

/**
 * Sends the frames of one turn of the event loop in one system call. amqplib writes each frame by itself, and under load
 * those calls were a quarter of the processor time of both apps.
 */
export function gatherWrites(channel: Channel): void {
  const { stream } = channel.connection as unknown as { stream: Socket };
  if (gathered.has(stream)) return;
  gathered.add(stream);
  const write = stream.write.bind(stream) as (...parameters: unknown[]) => boolean;
  let corked = false;
  stream.write = (...parameters: unknown[]) => {
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(() => {
        corked = false;
        stream.uncork();
      });
    }
    return write(...parameters);
  };
}
