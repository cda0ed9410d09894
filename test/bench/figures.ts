/** Figures of one contender, one entry a round. */
export type Rounds = Record<string, number[]>;

/** Two contenders measured in turns, so that a busy moment of the machine hits both. */
export interface Duel {
  title: string;
  ours: Rounds;
  rival: Rounds;
  /** What the rival is. */
  against: string;
  /** Figures that have a goal: the ratio ours / rival must be at least, or at most, so much; or ours must be below that. */
  goals: Record<string, { atLeast: number } | { atMost: number } | { below: number }>;
  notes?: string[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

/** Runs both in turns, each first in every other round. */
export async function inTurns(
  rounds: number,
  measure: { ours: () => Promise<Record<string, number>>; rival: () => Promise<Record<string, number>> },
): Promise<{ ours: Rounds; rival: Rounds }> {
  const results: { ours: Rounds; rival: Rounds } = { ours: {}, rival: {} };
  for (let round = 0; round < rounds; round++) {
    for (const who of round % 2 ? (['ours', 'rival'] as const) : (['rival', 'ours'] as const)) {
      for (const [figure, value] of Object.entries(await measure[who]())) (results[who][figure] ??= []).push(value);
    }
  }
  return results;
}

/** Prints one duel; true when every goal is met. */
export function report({ title, ours, rival, against, goals, notes = [] }: Duel): boolean {
  let met = true;
  console.log(`\n${title}\n  against ${against}; medians of ${Object.values(ours)[0]?.length} rounds in turns`);
  console.log(`  ${'figure'.padEnd(26)}${'ours'.padStart(10)}${'rival'.padStart(10)}${'ratio'.padStart(8)}  goal`);
  for (const figure of Object.keys(ours)) {
    const [mine, theirs] = [median(ours[figure]!), median(rival[figure]!)];
    const ratio = mine / theirs;
    const goal = goals[figure];
    const [ok, words] = goal ? judge(goal, mine, ratio) : [true, ''];
    met &&= ok;
    console.log(`  ${figure.padEnd(26)}${show(mine)}${show(theirs)}${ratio.toFixed(2).padStart(8)}  ${words}`);
  }
  for (const note of notes) console.log(`  ${note}`);
  return met;
}

const show = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1)).padStart(10);

function judge(goal: Duel['goals'][string], mine: number, ratio: number): [ok: boolean, words: string] {
  const [ok, rule] =
    'atLeast' in goal
      ? [ratio >= goal.atLeast, `>= ${goal.atLeast}`]
      : 'atMost' in goal
        ? [ratio <= goal.atMost, `<= ${goal.atMost}`]
        : [mine < goal.below, `ours < ${goal.below}`];
  return [ok, `${rule} ${ok ? 'met' : 'MISSED'}`];
}
