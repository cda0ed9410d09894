import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import type { Outcome } from '../outcome';
import { Circuit } from './circuit';

const sent: Outcome = { kind: 'sent', result: true };
const trouble = (reason: 'network_unreachable' | 'telegram_unavailable' | 'bot_unauthorized'): Outcome => ({
  ...{ kind: 'retry', reason, scope: 'bot', usesAttempt: false },
});

/** A circuit whose probes lead to these outcomes, in turn, and then to success. */
function aCircuit(...probes: Outcome[]) {
  const events = new EventEmitter();
  const log: string[] = [];
  const circuit = new Circuit({
    probe: async () => {
      log.push('probe');
      return probes.shift() ?? sent;
    },
    onOpen: (reason) => void log.push(`open ${reason}`),
    onClose: () => {
      log.push('close');
      events.emit('close');
    },
  });
  return { circuit, log, closed: () => once(events, 'close') };
}

describe(Circuit.name, () => {
  it.each(['network_unreachable', 'bot_unauthorized'] as const)(
    'opens at once after %s, and closes with the first probe that is answered',
    async (reason) => {
      const { circuit, log, closed } = aCircuit(trouble(reason));
      circuit.hear(trouble(reason));
      circuit.hear(trouble(reason));
      await closed();
      expect(log).toEqual([`open ${reason}`, 'probe', 'probe', 'close']);
    },
  );

  it('opens after five calls in a row that Telegram could not answer, and not after four and one that it could', async () => {
    const { circuit, log, closed } = aCircuit();
    for (let n = 0; n < 4; n++) circuit.hear(trouble('telegram_unavailable'));
    circuit.hear({ kind: 'rejected', reason: 'bad_request' });
    for (let n = 0; n < 4; n++) circuit.hear(trouble('telegram_unavailable'));
    expect(log).toEqual([]);
    circuit.hear({ kind: 'uncertain', reason: 'no_answer' });
    await closed();
    expect(log).toEqual(['open no_answer', 'probe', 'close']);
  });

  it('hears nothing of Telegram’s reach in a 429', () => {
    const { circuit, log } = aCircuit();
    for (let n = 0; n < 20; n++)
      circuit.hear({ kind: 'retry', reason: 'rate_limited', scope: 'chat', usesAttempt: false });
    expect(log).toEqual([]);
  });
});
