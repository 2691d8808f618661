import ipaddr from 'ipaddr.js';

/** Which addresses messages may be sent to. */
export interface AddressPolicy {
  /** Whether anything but public addresses is permitted. */
  readonly permitsPrivate: boolean;
  /** What a numeric address is to Retort. */
  judge: (address: string) => 'public' | 'permitted' | 'refused';
}

/**
 * Permits public addresses, and the networks that the operator names.
 *
 * Everything else is refused: loopback, private, link-local (where clouds keep their metadata), shared (CGNAT), multicast,
 * reserved and unspecified ones, and those that hide an IPv4 address: mapped, NAT64, 6to4, Teredo.
 *
 * @param networks such as `10.0.0.0/8`
 * @throws Error where one is no network
 */
export function addressPolicy(networks: readonly string[]): AddressPolicy {
  const permitted = networks.map((network) => {
    if (!ipaddr.isValidCIDR(network)) {
      throw new Error(`"${network}" is no network; use one such as 10.0.0.0/8, 127.0.0.1/32 or fd00::/8`);
    }
    return ipaddr.parseCIDR(network);
  });
  return {
    permitsPrivate: permitted.length > 0,
    judge(address) {
      if (!ipaddr.isValid(address)) return 'refused';
      const parsed = ipaddr.process(address);
      const isPermitted = permitted.some(
        ([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits),
      );
      if (isPermitted) return 'permitted';
      return parsed.range() === 'unicast' ? 'public' : 'refused';
    },
  };
}
