type Undo = () => unknown;

/** An app, a node and a few queues need longer than jest's 5 s on a busy machine. */
jest.setTimeout(60_000);

const ofTest: Undo[] = [];
const ofFile: Undo[] = [];
let inTest = false;

beforeEach(() => {
  inTest = true;
});
afterEach(async () => {
  inTest = false;
  await undoAll(ofTest);
});
afterAll(() => undoAll(ofFile));

/**
 * Has something undone where it is made: after the test that makes it, or after the file when made in `beforeAll`. The
 * last one made goes first, and one that throws does not keep the others from being undone.
 */
export function cleanUp(undo: Undo): void {
  (inTest ? ofTest : ofFile).push(undo);
}

/** Whether the running test, or, after the last one, any test of the file, has failed by now. */
export function hasFailed(): boolean {
  const { currentlyRunningTest, rootDescribeBlock } = circusState();
  return currentlyRunningTest ? currentlyRunningTest.errors.length > 0 : failedWithin(rootDescribeBlock);
}

/** Title of the running test; empty outside of one. */
export const titleOfTest = (): string => (inTest ? (expect.getState().currentTestName ?? '') : '');

interface Circus {
  currentlyRunningTest?: { errors: unknown[] } | null;
  rootDescribeBlock: DescribeBlock;
}
type DescribeBlock = { type: string; errors?: unknown[]; children?: DescribeBlock[] };

/** Jest tells a test environment alone how a test went; this is the record it keeps, under a symbol of its own. */
function circusState(): Circus {
  const symbol = Object.getOwnPropertySymbols(globalThis).find((it) => it.description === 'JEST_STATE_SYMBOL');
  if (!symbol) throw new Error('this version of jest keeps its record of tests elsewhere');
  return (globalThis as unknown as Record<symbol, Circus>)[symbol] as Circus;
}

const failedWithin = ({ errors = [], children = [] }: DescribeBlock): boolean =>
  errors.length > 0 || children.some(failedWithin);

async function undoAll(undos: Undo[]): Promise<void> {
  const errors: unknown[] = [];
  for (let undo = undos.pop(); undo; undo = undos.pop()) {
    try {
      await undo();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `clean-up failed: ${errors.map(String).join('; ')}`);
}
