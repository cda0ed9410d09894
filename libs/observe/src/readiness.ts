/** What must be up before the app can do its work, by name; each is asked at every look. */
export type Readiness = Record<string, () => boolean>;

export const READINESS = Symbol('Readiness');
