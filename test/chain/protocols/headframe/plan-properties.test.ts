import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stakeManager } from '../../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../../src/chain/contracts/generated/test-token.ts';
import { minerRegistry } from '../../../../src/chain/contracts/generated/miner-registry.ts';
import { objectionTo } from '../../../../src/chain/signing/allow-list.ts';
import { wei } from '../../../../src/chain/amounts/amount.ts';
import { allowed } from '../../../../src/chain/protocols/headframe/allowed.ts';
import { plan } from '../../../../src/chain/protocols/headframe/plan.ts';
import { required } from '../../../../src/chain/protocols/headframe/required.ts';
import type { AccountState, Desired, Move, NetworkFacts } from '../../../../src/chain/protocols/protocol.ts';
import { ACCOUNT, NOON, account, desired, facts, minerId, minersFrom, terms } from './situations.ts';
import { searches, searchTimeout } from '../../../support/searches.ts';

const amount = fc.bigInt({ min: 0n, max: 2000n });

const factsArbitrary = fc
  .subarray(['StakeManager', 'MinerRegistry', 'EpochRewards'])
  .map((paused) => facts({ paused: paused.length === 3 ? [] : paused }));

const stateArbitrary = fc
  .record({
    walletTokens: amount,
    allowance: amount,
    idle: amount,
    provisioned: amount,
    hasProvision: fc.boolean(),
    miners: fc.nat(8),
    checkedIn: fc.boolean(),
    thaws: fc.array(fc.tuple(amount, fc.integer({ min: -2, max: 2 })), { maxLength: 4 }),
  })
  .map(({ miners, ...drawn }) =>
    account({
      ...drawn,
      ...(drawn.hasProvision ? { miners, milliUnits: miners * 1000 } : { provisioned: 0n, thaws: [] }),
    }),
  );

const desiredArbitrary = fc
  .record({
    provisioned: amount,
    maxStaked: amount,
    releasesSurplus: fc.boolean(),
    checksIn: fc.boolean(),
    added: fc.nat(5),
    removed: fc.nat(2),
  })
  .map(({ added, removed, ...drawn }) =>
    desired({
      ...drawn,
      register: minersFrom(100, added),
      deregister: Array.from({ length: removed }, (_, index) => minerId(index)),
    }),
  );

/** Amounts of an account, as moves change them. */
interface Ledger {
  wallet: bigint;
  allowance: bigint;
  idle: bigint;
  provisioned: bigint;
  miners: number;
}

type Effect = (ledger: Ledger, data: string, state: AccountState) => void;

/** What the contracts would do, by the kind of the move. Throws where they would refuse. */
const effects: Readonly<Record<string, Effect>> = {
  CheckIn: ({ miners, provisioned }) => assert.ok(miners > 0 && provisioned >= needs(miners)),
  Deprovision: (_ledger, _data, { thaws }) => assert.ok((thaws[0]?.dueAt ?? Infinity) <= NOON),
  Approve(ledger, data) {
    ledger.allowance = amountIn(testToken.writes.approve, data);
  },
  Stake(ledger, data, { hasProvision }) {
    assert.ok(!hasProvision);
    ledger.idle += spent(ledger, amountIn(stakeManager.writes.stake, data));
  },
  StakeToProvision(ledger, data, { hasProvision }) {
    assert.ok(hasProvision);
    ledger.provisioned += spent(ledger, amountIn(stakeManager.writes.stakeToProvision, data));
  },
  Provision(ledger, data, { hasProvision }) {
    assert.ok(!hasProvision);
    ledger.provisioned += takenFromIdle(ledger, amountIn(stakeManager.writes.provision, data));
  },
  AddToProvision(ledger, data, { hasProvision }) {
    assert.ok(hasProvision);
    ledger.provisioned += takenFromIdle(ledger, amountIn(stakeManager.writes.addToProvision, data));
  },
  Thaw(ledger, data) {
    ledger.provisioned -= amountIn(stakeManager.writes.thaw, data);
    assert.ok(ledger.provisioned >= needs(ledger.miners), 'it thaws what miners need');
  },
  Unstake(ledger, data) {
    ledger.wallet += takenFromIdle(ledger, amountIn(stakeManager.writes.unstake, data));
  },
  RegisterMiners(ledger, data) {
    ledger.miners += minerRegistry.writes.registerMany.decodeArgs(data)?.[1].length ?? 0;
    assert.ok(ledger.provisioned >= needs(ledger.miners), 'the stake does not cover them');
  },
  DeregisterMiners(ledger, data) {
    ledger.miners -= minerRegistry.writes.deregisterMany.decodeArgs(data)?.[1].length ?? 0;
  },
};

function apply(ledger: Ledger, { kind, data }: Move, state: AccountState): void {
  const effect = effects[kind];
  assert.ok(effect !== undefined, kind);
  effect(ledger, data, state);
}

/** The amount among the arguments of a call. */
function amountIn(write: { decodeArgs(data: string): readonly unknown[] | undefined }, data: string): bigint {
  const amount = write.decodeArgs(data)?.find((each) => typeof each === 'bigint');
  assert.ok(amount !== undefined && amount > 0n, 'it moves nothing');
  return amount;
}

function spent(ledger: Ledger, tokens: bigint): bigint {
  assert.ok(tokens <= ledger.wallet && tokens <= ledger.allowance);
  ledger.wallet -= tokens;
  ledger.allowance -= tokens;
  return tokens;
}

function takenFromIdle(ledger: Ledger, tokens: bigint): bigint {
  assert.ok(tokens <= ledger.idle);
  ledger.idle -= tokens;
  return tokens;
}

function needs(miners: number): bigint {
  return required(terms, miners, miners * 1000);
}

function property(
  check: (network: NetworkFacts, state: AccountState, wanted: Desired, moves: readonly Move[]) => void,
): void {
  fc.assert(
    fc.property(factsArbitrary, stateArbitrary, desiredArbitrary, (network, state, drawn) => {
      // Only miners that are there are taken off.
      const wanted = { ...drawn, deregister: drawn.deregister.slice(0, state.miners) };
      check(network, state, wanted, plan(network, state, wanted, NOON).moves);
    }),
    { numRuns: searches(125) },
  );
}

function ledgerOf({ walletTokens: wallet, allowance, idle, provisioned, miners }: AccountState): Ledger {
  return { wallet, allowance, idle, provisioned, miners };
}

describe('plans of chain/protocols/headframe', function () {
  this.timeout(searchTimeout(10_000));

  it('hold moves that the chain takes one after the other, and each of them alone', () => {
    property((_network, state, _wanted, moves) => {
      const ledger = ledgerOf(state);
      for (const move of moves) {
        apply(ledger, move, state);
        apply(ledgerOf(state), move, state);
      }
    });
  });

  it('never stake beyond the cap, and never leave less behind miners than is wanted or needed', () => {
    property((_network, state, wanted, moves) => {
      const ledger = ledgerOf(state);
      moves.forEach((move) => apply(ledger, move, state));

      const before = state.idle + state.provisioned + state.thawing;
      const added = state.walletTokens - ledger.wallet;
      assert.ok(added <= 0n || before + added <= wanted.maxStaked);
      const isLess = ledger.provisioned < state.provisioned;
      assert.ok(!isLess || (wanted.releasesSurplus && ledger.provisioned >= wanted.provisioned));
      assert.ok(ledger.provisioned <= state.provisioned || ledger.provisioned <= wanted.provisioned);
    });
  });

  it('ask for nothing of a paused contract, and for nothing that may not be signed', () => {
    property((network, _state, _wanted, moves) => {
      const closed = network.paused.map((name) => network.contracts[name]);
      for (const { to, data } of moves) {
        assert.ok(!closed.includes(to));
        assert.equal(objectionTo({ to, data, valueWei: wei(0n) }, allowed(network), ACCOUNT), undefined);
      }
    });
  });

  it('are the same for the same, and name each effect once', () => {
    property((network, state, wanted, moves) => {
      assert.deepEqual(plan(network, state, wanted, NOON).moves, moves);
      assert.equal(new Set(moves.map(({ kind, key }) => `${kind} ${key}`)).size, moves.length);
    });
  });
});
