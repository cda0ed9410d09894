import { patterns } from '@app/contracts';
import type { DeliveryServer } from './delivery.server';

/**
 * Every pattern of the contracts has exactly one handler; a message without one would be a dead letter, and one with two
 * would be sent twice.
 *
 * @throws Error that says what to add or to take away.
 */
export function checkHandlers(server: DeliveryServer): void {
  const handlers = server.getHandlers();
  const problems = Object.keys(patterns).flatMap((pattern) => {
    const handler = handlers.get(pattern);
    if (!handler)
      return `${pattern} has no handler: add a method with @EventPattern('${pattern}') to a listener in consume/`;
    return handler.next ? `${pattern} has two handlers: take one @EventPattern('${pattern}') away` : [];
  });
  const unknown = [...handlers.keys()].filter((pattern) => !(pattern in patterns));
  problems.push(...unknown.map((pattern) => `${pattern} is handled but not in libs/contracts/src/patterns.ts: add it`));
  if (problems.length > 0) throw new Error(`Handlers do not fit the contracts:\n  - ${problems.join('\n  - ')}`);
}
