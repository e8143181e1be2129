import assert from 'node:assert/strict';
import { findCondition } from '../../../src/api/conditions.ts';
import type { StakingNetwork } from '../../../src/api/staking-network.ts';
import { StakingNetworkStatus } from '../../../src/api/staking-network/status.ts';
import type { LookFailure, NetworkLook } from '../../../src/controllers/networks/network-look.ts';
import { transitions } from '../../../src/controllers/stakingnetwork/events.ts';
import { connectingStatus, statusOf, statusPatch } from '../../../src/controllers/stakingnetwork/status.ts';
import { networkFacts, stakingNetwork } from '../../support/network-objects.ts';

const NOW = Date.UTC(2026, 0, 1);
const up = { name: 'node', state: 'Up', message: '' } as const;
const block = { number: 7, hash: '0x07', time: NOW - 5000 };
const read: NetworkLook = {
  endpoints: [up],
  found: { kind: 'read', facts: networkFacts(), block, headAgeMs: 5000 },
};

function failed(at: LookFailure['at'], reason: LookFailure['reason']): NetworkLook {
  return {
    endpoints: [{ ...up, state: 'Unknown', message: 'm' }],
    found: { kind: 'failed', at, reason, message: 'm' },
  };
}

/** Statuses of conditions, in the order Ready, Reachable, ChainIdMatches, ContractsFound, Synced, Stalled. */
function conditionsOf(network: StakingNetwork, look: NetworkLook): string {
  const { conditions } = statusOf(network, look, NOW);
  return ['Ready', 'Reachable', 'ChainIdMatches', 'ContractsFound', 'Synced', 'Stalled']
    .map((type) => findCondition(conditions, type)?.status[0] ?? '-')
    .join('');
}

describe('the status of a StakingNetwork', () => {
  const wrongChain = { name: 'node', state: 'WrongChain', message: 'serves chain 1' } as const;
  const table: { name: string; look: NetworkLook; spec?: object; is: string; reason: string }[] = [
    { name: 'all is well', look: read, is: 'TTTTT-', reason: 'NetworkReady' },
    {
      name: 'no endpoint answers',
      look: failed('Endpoints', 'EndpointsUnreachable'),
      is: 'FFUUU-',
      reason: 'EndpointsUnreachable',
    },
    {
      name: 'the Secret is missing',
      look: failed('Endpoints', 'NetworkSecretMissing'),
      is: 'FFUUUT',
      reason: 'NetworkSecretMissing',
    },
    {
      name: 'all endpoints serve another chain',
      look: { ...failed('Chain', 'WrongChain'), endpoints: [wrongChain] },
      is: 'FTFUUT',
      reason: 'WrongChain',
    },
    {
      name: 'one endpoint serves another chain',
      look: { ...read, endpoints: [up, { ...wrongChain, name: 'other' }] },
      is: 'TTFTT-',
      reason: 'NetworkReady',
    },
    {
      name: 'the contracts are others',
      look: failed('Contracts', 'WrongContracts'),
      is: 'FTTFUT',
      reason: 'WrongContracts',
    },
    {
      name: 'the contracts cannot be read',
      look: failed('Contracts', 'ProtocolReadFailed'),
      is: 'FTTUU-',
      reason: 'ProtocolReadFailed',
    },
    {
      name: 'contracts are paused',
      look: { ...read, found: { ...read.found, facts: networkFacts({ paused: ['StakeManager'] }) } as never },
      is: 'FTTTT-',
      reason: 'ContractsPaused',
    },
    { name: 'the head is of the greatest age', look: aged(300_000), is: 'TTTTT-', reason: 'NetworkReady' },
    { name: 'the head is too old', look: aged(300_001), is: 'FTTTF-', reason: 'HeadTooOld' },
    { name: 'the clock here is behind', look: aged(-9000), is: 'TTTTT-', reason: 'NetworkReady' },
    {
      name: 'the fees are beyond any number',
      look: read,
      spec: { fees: { maxTransactionCost: '9'.repeat(60) } },
      is: 'FTTTTT',
      reason: 'FeesInvalid',
    },
  ];
  for (const { name, look, spec = {}, is, reason } of table) {
    it(`${name}: ${is}, ${reason}`, () => {
      const network = stakingNetwork(spec);
      const status = statusOf(network, look, NOW);

      assert.equal(conditionsOf(network, look), is);
      assert.equal(findCondition(status.conditions, 'Ready')?.reason, reason);
      assert.equal(findCondition(status.conditions, 'Reconciling'), undefined);
      assert.equal(StakingNetworkStatus.safeParse(status).error, undefined);
    });
  }

  function aged(headAgeMs: number): NetworkLook {
    return { ...read, found: { ...read.found, headAgeMs } as NetworkLook['found'] };
  }

  it('has token, terms and epoch', () => {
    const epoch = { number: 3, startsAt: NOW - 1000, endsAt: NOW + 1000 };
    const look: NetworkLook = {
      ...read,
      found: { kind: 'read', facts: networkFacts({ epoch }), block, headAgeMs: 0 },
    };

    const { token, terms, epoch: shown } = statusOf(stakingNetwork(), look, NOW);

    assert.deepEqual(token, networkFacts().token);
    assert.deepEqual(terms, { stakePerMiner: '1', stakePerV100e: '2.5', thawingSeconds: 3600 });
    assert.deepEqual(shown, { number: 3, endTime: '2026-01-01T00:00:01Z' });
  });

  it('takes a token’s symbol for what it is: anything', () => {
    const token = { ...networkFacts().token, symbol: `\u0000\n${'😀'.repeat(40)}` };
    const look: NetworkLook = {
      ...read,
      found: { kind: 'read', facts: networkFacts({ token }), block, headAgeMs: 0 },
    };

    const { symbol = '' } = statusOf(stakingNetwork(), look, NOW).token ?? {};

    assert.doesNotMatch(symbol, /\p{C}/u);
    assert.equal(Array.from(symbol).length, 32);
  });

  it('is the same for the next block', () => {
    const network = stakingNetwork();
    const first = statusOf(network, read, NOW);
    const next: NetworkLook = {
      ...read,
      found: { kind: 'read', facts: networkFacts(), block: { ...block, number: 8 }, headAgeMs: 100 },
    };

    assert.deepEqual(statusOf({ ...network, status: first }, next, NOW + 12_000), first);
  });

  it('is the same as long as a chain stands still', () => {
    const network = stakingNetwork();
    const first = statusOf(network, aged(400_000), NOW);

    assert.deepEqual(statusOf({ ...network, status: first }, aged(500_000), NOW + 100_000), first);
  });

  describe('what was read last', () => {
    const known = { ...stakingNetwork(), status: statusOf(stakingNetwork(), read, NOW) };

    it('stays while nobody answers', () => {
      const status = statusOf(known, failed('Endpoints', 'EndpointsUnreachable'), NOW);

      assert.deepEqual([status.token, status.terms], [known.status.token, known.status.terms]);
    });

    it('goes when the contracts are others, and is named in the patch', () => {
      const status = statusOf(known, failed('Contracts', 'WrongContracts'), NOW);

      assert.equal(status.token, undefined);
      const { token, terms, epoch } = statusPatch(status, known.status) as Record<string, unknown>;
      assert.deepEqual([token, terms, epoch], [null, null, undefined]);
    });

    it('goes when the spec has become another', () => {
      const changed = { ...known, metadata: { ...known.metadata, generation: 2 } };

      assert.equal(statusOf(changed, failed('Endpoints', 'EndpointsUnreachable'), NOW).token, undefined);
    });
  });

  it('says that it is being looked at for the first time', () => {
    const status = connectingStatus(stakingNetwork(), NOW);

    assert.equal(findCondition(status.conditions, 'Reconciling')?.status, 'True');
    assert.equal(findCondition(status.conditions, 'Ready')?.status, 'Unknown');
    assert.equal(StakingNetworkStatus.safeParse(status).error, undefined);
  });
});

describe('the events of a StakingNetwork', () => {
  const network = stakingNetwork();
  const ready = statusOf(network, read, NOW);
  const away = statusOf(network, failed('Endpoints', 'EndpointsUnreachable'), NOW);
  const old = statusOf(network, failed('Contracts', 'ProtocolReadFailed'), NOW);
  const oneWrong = statusOf(
    network,
    { ...read, endpoints: [up, { name: 'b', state: 'WrongChain', message: 'b serves chain 1' }] },
    NOW,
  );
  const table = [
    {
      name: 'is ready for the first time',
      before: connectingStatus(network, NOW),
      now: ready,
      says: ['NetworkReady'],
    },
    { name: 'goes away', before: ready, now: away, says: ['EndpointsUnreachable'] },
    { name: 'is away for another reason', before: away, now: old, says: ['ProtocolReadFailed'] },
    { name: 'comes back', before: away, now: ready, says: ['NetworkReady'] },
    { name: 'stays away', before: away, now: away, says: [] },
    { name: 'stays ready', before: ready, now: ready, says: [] },
    { name: 'has an endpoint of another chain', before: ready, now: oneWrong, says: ['WrongChain'] },
  ];
  for (const { name, before, now, says } of table) {
    it(`${name}: ${says.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(
        transitions(before, now).map(({ reason }) => reason),
        says,
      );
    });
  }

  it('without a generation there is none to have observed', () => {
    const { metadata, ...rest } = stakingNetwork();
    const { generation: _generation, ...unnumbered } = metadata;
    const network = { ...rest, metadata: unnumbered };
    assert.equal('observedGeneration' in statusOf(network, read, NOW), false);
    assert.equal('observedGeneration' in connectingStatus(network, NOW), false);
  });

  it('keeps what was read last of the very spec, however much that was', () => {
    const network = stakingNetwork();
    const away = failed('Endpoints', 'EndpointsUnreachable');
    const before = statusOf(network, read, NOW);
    const kept = statusOf({ ...network, status: before }, away, NOW);
    assert.deepEqual([kept.token, kept.terms, kept.epoch], [before.token, before.terms, before.epoch]);
    const { token: _token, terms: _terms, epoch: _epoch, ...bare } = before;
    const nothing = statusOf({ ...network, status: bare }, away, NOW);
    assert.deepEqual([nothing.token, nothing.terms, nothing.epoch], [undefined, undefined, undefined]);
    const other = statusOf({ ...network, status: { ...before, observedGeneration: 0 } }, away, NOW);
    assert.equal(other.token, undefined);
    assert.equal(statusOf(network, away, NOW).token, undefined);
    const wrong = failed('Contracts', 'WrongContracts');
    assert.equal(statusOf({ ...network, status: before }, wrong, NOW).token, undefined);
  });

  it('says what epoch it is, where there are epochs', () => {
    const epoch = { number: 7, startsAt: NOW, endsAt: NOW + 60_000 };
    const at = (facts: Parameters<typeof networkFacts>[0]): StakingNetworkStatus =>
      statusOf(
        stakingNetwork(),
        { ...read, found: { kind: 'read', facts: networkFacts(facts), block, headAgeMs: 5000 } },
        NOW,
      );
    assert.deepEqual(at({ epoch }).epoch, { number: 7, endTime: '2026-01-01T00:01:00Z' });
    assert.equal(at({ epoch: undefined }).epoch, undefined);
  });

  it('a patch takes away what is not known any more, prices one by one', () => {
    const status = statusOf(stakingNetwork(), read, NOW);
    const { token: _token, ...without } = status;
    assert.deepEqual(statusPatch(without, status), { ...without, token: null });
    const priced = { ...status, prices: { coinUSD: '1' } };
    assert.deepEqual(statusPatch(priced, undefined), { ...priced, prices: { tokenUSD: null, coinUSD: '1' } });
    assert.deepEqual(statusPatch(status, undefined), status);
  });
});
