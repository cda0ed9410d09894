import type { Style } from './formatted';

/**
 * The address of a link as Telegram takes one (td, LinkManager::check_link): http and https with a dot in the host, tg, ton, tonsite.
 * Undefined for any other, which Telegram would not make clickable.
 */
export function linkable(href: string): string | undefined {
  if (href.length > 2048 || /[\s<>"\u0000-\u001f]/.test(href)) return undefined;
  if (/^(tg|ton|tonsite):\/\/\w/i.test(href)) return href;
  return /^https?:\/\/([^\s/?#@]+@)?[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+(:\d{1,5})?([/?#]|$)/iu.test(href)
    ? href
    : undefined;
}

/**
 * What a link to there is: to a user a mention; undefined where Telegram would make no link of it.
 * @param isWhole An address without `http://` is none.
 */
export function linked(href: string, isWhole = false): Style | undefined {
  const target = href.trim();
  const user = /^tg:\/\/user\/?\?id=(\d{1,15})$/i.exec(target)?.[1];
  if (user) return { type: 'text_mention', user: { id: Number(user) } };
  const url = linkable(target) ?? (isWhole ? undefined : linkable(`http://${target}`));
  return url === undefined ? undefined : { type: 'text_link', url };
}
