/** First line of every generated page. */
export const generated =
  '<!-- Generated from the code by `npm run docs`: change scripts/docs or the code, not this file. -->';
