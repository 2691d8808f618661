import { describe, expect, it } from 'vitest';
import { addressPolicy } from './addresses.js';

describe('addresses', () => {
  const { judge } = addressPolicy([]);

  it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'that are public are taken: %s',
    (address) => expect(judge(address)).toBe('public'),
  );

  it.each([
    ['loopback', ['127.0.0.1', '127.255.0.1', '::1']],
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1']],
    ['link-local, where clouds keep their metadata', ['169.254.169.254', 'fe80::1', 'fec0::1']],
    ['of carriers (CGNAT)', ['100.64.0.1', '100.127.255.255']],
    ['multicast and broadcast', ['224.0.0.1', '239.1.1.1', '255.255.255.255', 'ff02::1']],
    ['reserved', ['192.0.0.8', '192.0.2.1', '198.18.0.1', '203.0.113.1', '240.0.0.1', '2001:db8::1', '100::1']],
    ['IPv4 in IPv6: mapped', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::127.0.0.1']],
    ['IPv4 in IPv6: NAT64, 6to4, Teredo', ['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1']],
    ['none at all', ['', 'localhost', '1.2.3.4.5', '127.1:80']],
  ])('that are %s are refused', (_kind, addresses) => {
    for (const address of addresses) expect(judge(address), address).toBe('refused');
  });

  it('of the networks that the operator names are permitted, and no others', () => {
    const policy = addressPolicy(['127.0.0.2/32', '10.0.0.0/8', 'fd00::/8']);
    const judgements = ['127.0.0.2', '::ffff:127.0.0.2', '10.1.2.3', 'fd12::1', '127.0.0.1', '8.8.8.8'].map(
      policy.judge,
    );
    expect(judgements).toEqual(['permitted', 'permitted', 'permitted', 'permitted', 'refused', 'public']);
    expect(() => addressPolicy(['10.0.0.0'])).toThrow(/"10.0.0.0" is no network; use one such as 10.0.0.0\/8/);
  });
});
