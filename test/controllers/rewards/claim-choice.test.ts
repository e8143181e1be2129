import assert from 'node:assert/strict';
import { tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import { headframeProtocol } from '../../../src/chain/protocols/headframe/headframe-protocol.ts';
import type { ClaimStanding, SeenClaim } from '../../../src/chain/protocols/protocol.ts';
import { MULTICALL3_ADDRESS } from '../../../src/chain/reads/multicall.ts';
import { feePolicyOf } from '../../../src/controllers/networks/fee-policy-of.ts';
import {
  type ClaimChoice,
  type ClaimGrounds,
  claimChoice,
} from '../../../src/controllers/rewards/claim-choice.ts';
import { REGISTRY, networkFacts, stakeAccount, stakingNetwork } from '../../support/network-objects.ts';

const TOKEN = 10n ** 18n;
const GWEI = 10n ** 9n;
const REWARDS = `0x${'cd'.repeat(20)}`;
const protocol = headframeProtocol({
  minerRegistry: REGISTRY,
  epochRewards: REWARDS,
  multicall3: MULTICALL3_ADDRESS,
});
const facts = networkFacts({
  contracts: { MinerRegistry: REGISTRY, StakeManager: REGISTRY, Token: REGISTRY, EpochRewards: REWARDS },
});

function claim(epoch: number, amount: bigint, standing: ClaimStanding = 'Claimable'): SeenClaim {
  return { epoch, amount: tokenUnits(amount), proof: [`0x${'11'.repeat(32)}`], standing, claimableAt: 0 };
}

const PRICE_SOURCES = {
  token: { type: 'Static', usd: '20' },
  coin: {
    type: 'HTTP',
    http: {
      url: 'https://prices.example',
      jsonPointer: '/usd',
      staleAfterSeconds: 60,
      maxDeviationPercent: 50,
    },
  },
} as const;

interface Situation {
  readonly claims: readonly SeenClaim[];
  readonly spec?: Partial<ClaimGrounds['spec']['claim']>;
  readonly prices?: ClaimGrounds['network']['prices'];
  readonly priceSources?: ClaimGrounds['network']['priceSources'];
  readonly baseFee?: bigint;
  readonly paused?: readonly string[];
}

/** Keys of the claims that are to be sent. */
function chosen(situation: Situation): readonly string[] {
  return choice(situation).moves.map(({ kind, key }) => `${kind} ${key}`);
}

function choice({
  claims,
  spec = {},
  prices,
  priceSources,
  baseFee = GWEI,
  paused = [],
}: Situation): ClaimChoice {
  const account = stakeAccount('account', `0x${'a1'.repeat(20)}`).spec;
  const fees = feePolicyOf(stakingNetwork({ fees: { maxPriorityFeeGwei: '1' } }).spec.fees);
  const look = {
    claims,
    paid: new Set<number>(),
    settling: new Map(),
    waitsFor: undefined,
    isUnread: false,
    problem: undefined,
    baseFeePerGas: wei(baseFee),
    nextAt: undefined,
  };
  return claimChoice({
    spec: { ...account, claim: { ...account.claim, ...spec } },
    network: { name: 'devnet', facts: { ...facts, paused }, protocol, fees, prices, priceSources },
    look,
  });
}

describe('controllers/rewards/claim-choice', () => {
  const rows: readonly [it: string, situation: Situation, sent: readonly string[]][] = [
    ['claims what is enough', { claims: [claim(3, TOKEN)] }, ['ClaimRewards epochs 3']],
    [
      'claims all in one, the oldest first',
      { claims: [claim(9, TOKEN), claim(3, TOKEN), claim(4, TOKEN)] },
      ['ClaimRewards epochs 3-4,9'],
    ],
    [
      'adds small ones up',
      { claims: [claim(3, TOKEN / 2n), claim(4, TOKEN / 2n)] },
      ['ClaimRewards epochs 3-4'],
    ],
    ['waits below the minimum', { claims: [claim(3, TOKEN - 1n)] }, []],
    [
      'claims 16 at a time',
      { claims: Array.from({ length: 20 }, (_, epoch) => claim(epoch, TOKEN)) },
      ['ClaimRewards epochs 0-15'],
    ],
    [
      'claims a full transaction of what is enough together, though it is less',
      { claims: Array.from({ length: 20 }, (_, epoch) => claim(epoch, TOKEN / 20n)) },
      ['ClaimRewards epochs 0-15'],
    ],
    ...(['Unposted', 'Disproved', 'Challenged', 'Claimed'] as const).map(
      (standing): [string, Situation, readonly string[]] => [
        `leaves alone what is ${standing}`,
        { claims: [claim(3, TOKEN, standing)] },
        [],
      ],
    ),
    ['claims nothing that is not to be', { claims: [claim(3, TOKEN)], spec: { enabled: false } }, []],
    ['claims nothing of what is paused', { claims: [claim(3, TOKEN)], paused: ['EpochRewards'] }, []],
    [
      'claims what is worth its gas',
      { claims: [claim(3, TOKEN)], prices: { tokenUSD: '20', coinUSD: '3000' } },
      ['ClaimRewards epochs 3'],
    ],
    [
      'waits until it is worth its gas',
      { claims: [claim(3, TOKEN)], prices: { tokenUSD: '15', coinUSD: '3000' } },
      [],
    ],
    [
      'heeds the percentage',
      { claims: [claim(3, TOKEN)], prices: { tokenUSD: '15', coinUSD: '3000' }, spec: { maxGasPercent: 20 } },
      ['ClaimRewards epochs 3'],
    ],
    [
      'waits for cheaper gas',
      { claims: [claim(3, TOKEN)], prices: { tokenUSD: '20', coinUSD: '3000' }, baseFee: 2n * GWEI },
      [],
    ],
    [
      'heeds the minimum only where nobody says where one of the prices comes from',
      {
        claims: [claim(3, TOKEN)],
        prices: { tokenUSD: '0.01' },
        priceSources: { token: { type: 'Static', usd: '0.01' } },
        baseFee: 100n * GWEI,
      },
      ['ClaimRewards epochs 3'],
    ],
    [
      'waits for a price that is to come, as after a start',
      { claims: [claim(3, TOKEN)], priceSources: PRICE_SOURCES },
      [],
    ],
    [
      'waits while one price is not known',
      { claims: [claim(3, TOKEN)], prices: { coinUSD: '3000' }, priceSources: PRICE_SOURCES },
      [],
    ],
  ];
  for (const [it_, situation, sent] of rows) {
    it(it_, () => assert.deepEqual(chosen(situation), sent));
  }

  const waits: readonly [it: string, situation: Situation, why: string | undefined][] = [
    ['nothing of what is claimed', { claims: [claim(3, TOKEN)] }, undefined],
    ['nothing where there is nothing to claim', { claims: [claim(3, TOKEN, 'Challenged')] }, undefined],
    [
      'that it is not to be',
      { claims: [claim(3, TOKEN)], spec: { enabled: false } },
      'spec.claim.enabled is false',
    ],
    [
      'that it is too little',
      { claims: [claim(3, TOKEN / 2n)] },
      '0.5 TST can be claimed, and spec.claim.minimum is 1 TST',
    ],
    [
      'that the contract is paused',
      { claims: [claim(3, TOKEN)], paused: ['EpochRewards'] },
      'the contract that pays rewards is paused',
    ],
    [
      'that gas is too dear',
      { claims: [claim(3, TOKEN)], prices: { tokenUSD: '15', coinUSD: '3000' } },
      'its gas may cost 1.818 USD, and what it brings is worth 15 USD: spec.claim.maxGasPercent is 10',
    ],
  ];
  it('says that a price is not known', () =>
    assert.match(
      choice({ claims: [claim(3, TOKEN)], priceSources: PRICE_SOURCES }).waits ?? '',
      /^the price of token or coin is not known \(condition PricesKnown of StakingNetwork devnet\)/,
    ));
  for (const [it_, situation, why] of waits) {
    it(`says ${it_}`, () => assert.equal(choice(situation).waits, why));
  }
});
