import { decodeHTMLStrict } from 'entities';

/** As CommonMark has them: names of HTML5 and numbers of so many digits, and always a semicolon. */
const reference = /&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});/g;

/** Replaces character references by what they stand for. */
export const decode = (text: string): string =>
  text.includes('&') ? text.replace(reference, (written) => decodeHTMLStrict(written)) : text;
