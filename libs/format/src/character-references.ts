/** The named references that people write; CommonMark knows all 2,231 of HTML, others stay as they are written. */
const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', ensp: '\u2002', emsp: '\u2003' },
  ...{ copy: '©', reg: '®', trade: '™', deg: '°', plusmn: '±', times: '×', divide: '÷', micro: 'µ', middot: '·' },
  ...{ ndash: '–', mdash: '—', hellip: '…', bull: '•', laquo: '«', raquo: '»', lsquo: '‘', rsquo: '’', sbquo: '‚' },
  ...{ ldquo: '“', rdquo: '”', bdquo: '„', euro: '€', pound: '£', yen: '¥', cent: '¢', sect: '§', para: '¶' },
  ...{ larr: '←', uarr: '↑', rarr: '→', darr: '↓', harr: '↔', check: '✓', infin: '∞', ne: '≠', le: '≤', ge: '≥' },
  ...{
    frac12: '½',
    frac14: '¼',
    frac34: '¾',
    sup2: '²',
    sup3: '³',
    iexcl: '¡',
    iquest: '¿',
    szlig: 'ß',
    shy: '\u00ad',
  },
};

const reference = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));/g;

/** Replaces character references by what they stand for. */
export function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (written, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(named, name) ? named[name]! : written;
    const code = decimal === undefined ? parseInt(hex!, 16) : parseInt(decimal, 10);
    const isCharacter = code > 0 && code <= 0x10ffff && (code & 0xfff800) !== 0xd800;
    return isCharacter ? String.fromCodePoint(code) : '\ufffd';
  });
}
