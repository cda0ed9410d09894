import { mustBe, type Go, type Heard, type Turn, type Waiter } from './turn';

/** What the pacer does when something happens to a call. */
interface CallEvents {
  left: () => void;
  /** It is over, one way or the other. */
  landed: () => void;
  /** No call was made. */
  unspent: () => void;
  ended: () => void;
  again: (waiter: Waiter, notBefore: number) => Promise<Turn>;
  heard: (answer: Heard) => void;
}

/** The turn of a message whose time has come: leaves once at most, and ends once. */
export function callOf(waiter: Waiter, events: CallEvents): Go {
  let [hasLeft, isOver] = [false, false];
  const left = (): void => {
    if (!hasLeft) events.left();
    hasLeft = true;
  };
  const land = (): void => {
    mustBe(!isOver, 'a turn ends once');
    isOver = true;
    left();
    events.landed();
  };
  const end = (): void => {
    land();
    events.ended();
  };
  return {
    ...{ kind: 'go', left, heard: events.heard, end },
    abandon: () => void (isOver || end()),
    giveBack: (notBefore) => {
      mustBe(Number.isFinite(notBefore), 'notBefore must be a time');
      mustBe(!isOver && !hasLeft, 'only a turn that was not used is given back');
      isOver = true;
      events.unspent();
      events.landed();
      return events.again(waiter, notBefore);
    },
    again: (notBefore, change) => {
      mustBe(Number.isFinite(notBefore), 'notBefore must be a time');
      land();
      return events.again({ ...waiter, ...change }, notBefore);
    },
  };
}
