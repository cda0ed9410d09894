import { names, topology } from './topology';

describe('what stands on the broker', () => {
  const all = topology('telegramq', ['default', 'alerts']);

  it('is exactly this, since queues cannot be changed in place: another argument needs a migration', () => {
    expect(all.queues.map(({ name, arguments: args }) => [name, args])).toMatchSnapshot();
    expect(all.exchanges.map(({ name, type }) => `${type} ${name}`)).toMatchSnapshot();
    expect(all.bindings.map(({ exchange, key, queue }) => `${exchange} --${key}--> ${queue}`)).toMatchSnapshot();
  });

  it('is bound and dead-lettered only to what stands there, or on every broker', () => {
    const exchanges = [...all.exchanges.map(({ name }) => name), 'amq.topic'];
    const queues = all.queues.map(({ name }) => name);
    for (const { exchange, queue } of all.bindings) {
      expect(exchanges).toContain(exchange);
      expect(queues).toContain(queue);
    }
    for (const { arguments: args } of all.queues) {
      const target = args['x-dead-letter-exchange'];
      if (target !== undefined) expect(exchanges).toContain(target);
    }
  });

  it('is replicated, every queue of it, and says what it is for', () => {
    for (const { arguments: args, about } of all.queues) {
      expect(args['x-queue-type']).toBe('quorum');
      expect(about).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('has nothing in common with what stands under another prefix', () => {
    const nameList = ({ exchanges, queues }: typeof all) => [...exchanges, ...queues].map(({ name }) => name);
    const others = nameList(topology('other', ['default', 'alerts']));
    expect(nameList(all).filter((name) => others.includes(name))).toEqual([]);
    expect(Object.values(names('other')).map(String)).not.toContain(names('telegramq').inbox);
  });
});
