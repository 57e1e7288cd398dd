import { expect, test } from '@jest/globals';
import { isIpAddress } from '../../../services/observe/ip.ts';

test.each([
  '0.0.0.0',
  '198.51.100.7',
  '255.255.255.255',
  '::',
  '::1',
  '2001:db8::1',
  '1:2:3:4:5:6:7:8',
  '::ffff:192.0.2.1',
  '2001:DB8:0:0:8:800:200C:417A',
])('%s is an address', (text) => expect(isIpAddress(text)).toBe(true));

test.each([
  '',
  'AWS Internal',
  's3.amazonaws.com',
  '256.1.1.1',
  '1.2.3',
  '01.2.3.4',
  '1:2:3:4:5:6:7',
  '1::2::3',
  ':::',
  '12345::',
  '1:2:3:4:5:6:7:8:9',
  '::1%eth0',
  '1:2:3:4:5:6:7:8::',
  ':1:2:3:4:5:6:7',
])('%p is none', (text) => expect(isIpAddress(text)).toBe(false));
