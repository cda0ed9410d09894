import type { Reading } from '@app/broker';
import { setImmediate as turn } from 'node:timers/promises';
import type { Parcel } from '../parcel';
import { Room } from './room';

/** Something that is asked for and answered later. */
function later<T>() {
  const answers: ((answer: T) => void)[] = [];
  return { ask: () => new Promise<T>((answer) => answers.push(answer)), answers };
}

describe('A waiting room', () => {
  const setUp = () => {
    const [keeping, pulling] = [later<boolean>(), later<'ack' | undefined>()];
    const reading = { isOpen: true, pull: pulling.ask } as unknown as Reading;
    const around = { reading, keep: keeping.ask, closedForMs: () => 0 };
    const room = new Room({ queue: 'room', read: () => ({ unreadable: '' }) }, around, Promise.resolve());
    const onEmpty = jest.fn();
    const parcel = { command: { id: '1' } } as Parcel;
    return { keeping, pulling, room, onEmpty, parcel };
  };

  it('is not empty where a message was confirmed while it was asked for one', async () => {
    const { keeping, pulling, room, onEmpty, parcel } = setUp();
    const kept = room.put(parcel);
    void room.serve(onEmpty);
    await turn();
    keeping.answers.shift()!(true);
    expect(await kept).toBe(true);
    pulling.answers.shift()!(undefined); // The broker said so before it took the message.
    await turn();
    expect(onEmpty).not.toHaveBeenCalled();
  });

  it('goes on putting messages until the broker takes them, and those that come meanwhile after them', async () => {
    const { keeping, room, parcel } = setUp();
    const kept = [room.put(parcel), room.put(parcel)];
    await turn();
    keeping.answers.shift()!(false);
    await turn();
    kept.push(room.put(parcel));
    keeping.answers.shift()!(true);
    await turn();
    keeping.answers.shift()!(true);
    expect(await Promise.all(kept)).toEqual([true, true, true]);
  });

  it('is empty where none is left of those that were confirmed before', async () => {
    const { keeping, pulling, room, onEmpty, parcel } = setUp();
    const kept = room.put(parcel);
    await turn();
    keeping.answers.shift()!(true);
    await kept;
    await turn();
    const served = room.serve(onEmpty);
    await turn();
    pulling.answers.shift()!('ack');
    await turn();
    pulling.answers.shift()!(undefined);
    await served;
    expect(onEmpty).toHaveBeenCalledTimes(1);
  });
});
