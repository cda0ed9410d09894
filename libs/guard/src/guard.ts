import * as ipaddr from 'ipaddr.js';
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Says where addresses of others may lead, so that nobody reaches through us what only this machine can reach (SSRF). It judges the
 * very addresses that are connected to, so a name that changes what it stands for gains nothing.
 */
export class Guard {
  private readonly hosts = new Set<string>();
  private readonly networks = new BlockList();

  /**
   * @param allowed Host names, addresses and networks beside the public ones.
   * @param setting The variable that names them.
   */
  constructor(
    allowed: readonly string[],
    private readonly setting: string,
  ) {
    for (const entry of allowed) {
      const [address = '', bits] = entry.split('/');
      const version = isIP(address);
      if (version === 0) this.hosts.add(entry.toLowerCase());
      else this.networks.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), `ipv${version as 4 | 6}`);
    }
  }

  /** Whether that host may be asked for; a name is judged when it is looked up. */
  permits({ hostname }: URL): boolean {
    const host = hostname.replace(/^\[|\]$/g, '');
    return isIP(host) === 0 || this.isOpen(host);
  }

  /** As `dns.lookup`, leaving out what may not be connected to. */
  readonly lookup: LookupFunction = (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const isNamed = this.hosts.has(hostname.toLowerCase());
      const open = isNamed ? found : found.filter(({ address }) => this.isOpen(address));
      const [first] = open;
      if (!first) return done(this.refusal(), []);
      return options.all ? done(null, open) : done(null, first.address, first.family);
    });
  };

  /** Why a host is not permitted. */
  refusal(): NotPublic {
    return new NotPublic(this.setting);
  }

  private isOpen(address: string): boolean {
    const ip = ipaddr.process(address); // IPv4 mapped into IPv6 is judged as IPv4.
    return ip.range() === 'unicast' || this.networks.check(ip.toString(), ip.kind());
  }
}

/** The host is not public, and the setting does not name it. */
export class NotPublic extends Error {
  constructor(setting: string) {
    super(`its address is not public, and ${setting} does not name it`);
  }
}
