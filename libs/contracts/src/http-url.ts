/** Whether it is an http:// or https:// URL without user and fragment: a user would be a secret, a fragment is never sent. */
export function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && !username && !password && !hash;
}
