/**
 * Addresses and networks, wherever a setting names one.
 */
import { z } from 'zod';

export const address = z.union([z.ipv4(), z.ipv6()], 'must be an IP address');
export const network = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'must be an IP address or a network such as 10.0.0.0/8',
);
