/** Where the runs of backticks of a text stand, so that none is looked for twice. */
export class CodeSpans {
  /** By their length, in order; what is behind the reader is taken off. */
  private readonly runs = new Map<number, { starts: number[]; next: number }>();

  constructor(source: string) {
    for (const { index, 0: run } of source.matchAll(/`+/g)) {
      const alike = this.runs.get(run.length);
      if (alike) alike.starts.push(index);
      else this.runs.set(run.length, { starts: [index], next: 0 });
    }
  }

  /** Where the run stands that closes the one of that place and length. To be asked from front to back. */
  endOf(start: number, length: number): number | undefined {
    const alike = this.runs.get(length);
    if (!alike) return undefined;
    while (alike.next < alike.starts.length && alike.starts[alike.next]! <= start) alike.next++;
    return alike.starts[alike.next];
  }
}
