declare module 'commonmark-spec' {
  /** The examples of the specification; a tab is written `→` there. */
  export const tests: readonly { number: number; section: string; markdown: string; html: string }[];
}
