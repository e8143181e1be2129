import assert from 'node:assert/strict';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import { rivalOf } from '../../../src/controllers/stakeaccount/rivals.ts';
import { ADDRESS, stakeAccount } from '../../support/stake-objects.ts';

interface Shape {
  readonly uid: string;
  readonly created?: string;
  readonly mode?: 'Observe' | 'Manage';
  readonly address?: string;
  readonly network?: string;
}

function account({ uid, created = '2026-01-01T00:00:00Z', mode = 'Manage', ...shape }: Shape): StakeAccount {
  const { address = ADDRESS, network = 'testnet' } = shape;
  const given = stakeAccount();
  return {
    ...given,
    metadata: { ...given.metadata, uid, name: uid, creationTimestamp: created },
    spec: { ...given.spec, mode, address, networkRef: { name: network } },
  };
}

const chains: Readonly<Record<string, number>> = { testnet: 7, twin: 7, mainnet: 1 };
const chainOf = ({ spec }: { readonly spec: { readonly networkRef: { readonly name: string } } }) =>
  chains[spec.networkRef.name];

describe('controllers/stakeaccount/rivals', () => {
  const younger = account({ uid: 'b', created: '2026-01-02T00:00:00Z' });
  const rows: { name: string; of: StakeAccount; other: StakeAccount; rival: boolean }[] = [
    { name: 'an older one', of: younger, other: account({ uid: 'z' }), rival: true },
    { name: 'no younger one', of: account({ uid: 'z' }), other: younger, rival: false },
    {
      name: 'of two of one second the one with the lower UID',
      of: account({ uid: 'b' }),
      other: account({ uid: 'a' }),
      rival: true,
    },
    { name: 'and not the other', of: account({ uid: 'a' }), other: account({ uid: 'b' }), rival: false },
    {
      name: 'one that writes the address otherwise',
      of: younger,
      other: account({ uid: 'z', address: ADDRESS.toUpperCase().replace('0X', '0x') }),
      rival: true,
    },
    {
      name: 'one on another network object of the chain',
      of: younger,
      other: account({ uid: 'z', network: 'twin' }),
      rival: true,
    },
    {
      name: 'none on another chain',
      of: younger,
      other: account({ uid: 'z', network: 'mainnet' }),
      rival: false,
    },
    {
      name: 'none on a chain that nobody knows',
      of: account({ uid: 'b', network: 'x' }),
      other: account({ uid: 'a', network: 'x' }),
      rival: false,
    },
    {
      name: 'none that only looks',
      of: younger,
      other: account({ uid: 'z', mode: 'Observe' }),
      rival: false,
    },
    {
      name: 'none of one that only looks',
      of: account({ uid: 'b', mode: 'Observe' }),
      other: account({ uid: 'a' }),
      rival: false,
    },
    {
      name: 'none with another address',
      of: younger,
      other: account({ uid: 'z', address: `0x${'02'.repeat(20)}` }),
      rival: false,
    },
    { name: 'not itself', of: younger, other: younger, rival: false },
  ];
  for (const { name, of, other, rival } of rows) {
    it(name, () => assert.equal(rivalOf(of, [of, other], chainOf), rival ? other : undefined));
  }
});
