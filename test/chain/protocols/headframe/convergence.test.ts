import assert from 'node:assert/strict';
import { minerRegistry } from '../../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../../src/chain/contracts/generated/test-token.ts';
import { wei } from '../../../../src/chain/amounts/amount.ts';
import { objectionTo } from '../../../../src/chain/signing/allow-list.ts';
import type {
  AccountState,
  Desired,
  Holdings,
  Miner,
  Move,
  NetworkFacts,
  Shortage,
} from '../../../../src/chain/protocols/protocol.ts';
import { DAY, PURSE, onFreshState, parameters } from '../../contracts/network.ts';
import { startSeenNetwork } from './seen-network.ts';
import type { SeenNetwork } from './seen-network.ts';
import { desired, minerId, minersFrom } from './situations.ts';

/** More moves than any of these takes: a plan that turns in circles is found. */
const MOST_MOVES = 20;

/** What an account is to be like, with the miners that it is to have. */
interface Wanted {
  readonly provisioned: bigint;
  readonly miners: readonly Miner[];
  readonly maxStaked?: bigint;
  readonly releasesSurplus?: boolean;
  readonly checksIn?: boolean;
}

const working: Wanted = { provisioned: 400n, miners: minersFrom(1, 3), checksIn: true };

interface Journey {
  /** Kinds, as they were made. */
  readonly made: readonly string[];
  readonly state: AccountState;
  readonly shortages: readonly Shortage[];
}

/** Moves that real contracts take, one after the other, until an account is as it is to be. */
describe('moves of chain/protocols/headframe', function () {
  this.timeout(120_000);
  let seen: SeenNetwork;
  before(async () => {
    seen = await startSeenNetwork();
  });
  after(() => seen.stop());

  /** What to do about miners, given those that are there. */
  async function desiredOf(account: string, { miners, ...rest }: Wanted): Promise<Desired> {
    const there = await seen.protocol.readMiners(await seen.reader(), account);
    const sameIn = (list: readonly Miner[], miner: Miner): boolean =>
      list.some(({ id, milliUnits }) => id === miner.id && milliUnits === miner.milliUnits);
    return desired({
      ...rest,
      register: miners.filter((miner) => !sameIn(there, miner)),
      deregister: there.filter((miner) => !sameIn(miners, miner)).map(({ id }) => id),
    });
  }

  /** Makes all moves of one plan after the other, until there are none. Each would also be taken without those before it. */
  async function settle(account: string, wanted: Wanted): Promise<Journey> {
    const made: string[] = [];
    for (;;) {
      const { facts, state, now } = await seen.see(account);
      const { moves, shortages } = seen.protocol.plan(facts, state, await desiredOf(account, wanted), now);
      if (moves.length === 0) {
        return { made, state, shortages };
      }
      for (const move of moves) {
        assert.equal(objection(move, facts, account), undefined);
        await seen.wouldTake(move, account);
      }
      let foreseen: Holdings = {
        state,
        miners: await seen.protocol.readMiners(await seen.reader(), account),
      };
      for (const move of moves) {
        assert.equal(await seen.make(move, account), undefined, `${move.kind} ${move.key} is refused`);
        made.push(move.kind);
        foreseen = seen.protocol.foresee(facts, foreseen, move, now);
      }
      const miners = await seen.protocol.readMiners(await seen.reader(), account);
      assert.deepEqual(
        likeness(foreseen),
        likeness({ state: (await seen.see(account)).state, miners }),
        `after ${moves.map(({ kind }) => kind).join(', ')}`,
      );
      assert.ok(made.length < MOST_MOVES, made.join(', '));
    }
  }

  /** What can be foreseen of an account. */
  function likeness({ state, miners }: Holdings): unknown {
    const { coin: _gas, thaws, ...rest } = state;
    const sorted = miners.map(({ id, milliUnits }) => `${id} ${milliUnits}`).sort();
    return { ...rest, thaws: thaws.map(({ tokens }) => tokens), sorted };
  }

  function objection({ to, data }: Move, facts: NetworkFacts, account: string): string | undefined {
    return objectionTo({ to, data, valueWei: wei(0n) }, seen.protocol.allowed(facts), account);
  }

  /** Alice may spend exactly what she approves. */
  async function withoutAllowance(): Promise<void> {
    const { token, stakeManager: spender } = seen.network.at;
    await seen.network.send(seen.network.who.alice, token, testToken.writes.approve, spender, 0n);
  }

  // In a suite of its own: its last hook needs the chain.
  describe('one after the other', () => {
    onFreshState(() => seen.network, withoutAllowance);

    it('begin with nothing, and end with miners that have checked in', async () => {
      const { alice } = seen.network.who;

      const { made, state, shortages } = await settle(alice, working);

      assert.deepEqual(made, ['Approve', 'Stake', 'Provision', 'RegisterMiners', 'CheckIn']);
      assert.deepEqual(shortages, []);
      assert.deepEqual(
        [state.provisioned, state.idle, state.miners, state.allowance, state.checkedIn],
        [400n, 0n, 3, 0n, true],
      );
    });

    it('add stake for more miners', async () => {
      const { alice } = seen.network.who;
      await settle(alice, working);

      const { made, state } = await settle(alice, {
        ...working,
        provisioned: 550n,
        miners: minersFrom(1, 5),
      });

      assert.deepEqual(made, ['Approve', 'StakeToProvision', 'RegisterMiners']);
      assert.deepEqual([state.provisioned, state.miners], [550n, 5]);
    });

    it('change the size of a miner', async () => {
      const { alice } = seen.network.who;
      await settle(alice, working);

      const { made, state } = await settle(alice, { ...working, miners: minersFrom(1, 3, 500) });

      assert.deepEqual(made, ['DeregisterMiners', 'RegisterMiners']);
      assert.deepEqual([state.milliUnits, state.required], [1500, 180n]);
    });

    it('leave with all stake when it has thawed', async () => {
      const { alice } = seen.network.who;
      await settle(alice, working);
      const nothing = { provisioned: 0n, miners: [], releasesSurplus: true };

      const left = await settle(alice, nothing);
      await seen.network.pass(DAY);
      const paid = await settle(alice, nothing);

      assert.deepEqual(left.made, ['DeregisterMiners', 'Thaw']);
      assert.deepEqual([left.state.thawing, left.state.miners], [400n, 0]);
      assert.deepEqual(paid.made, ['Deprovision', 'Unstake']);
      assert.deepEqual(paid.state.walletTokens, PURSE);
    });

    it('take back what has thawed before they ask the wallet', async () => {
      const { alice } = seen.network.who;
      await settle(alice, working);
      await settle(alice, { provisioned: 0n, miners: [], releasesSurplus: true });
      await seen.network.pass(DAY);

      const { made, state } = await settle(alice, { provisioned: 500n, miners: [] });

      assert.deepEqual(made, ['Deprovision', 'AddToProvision', 'Approve', 'StakeToProvision']);
      assert.deepEqual([state.provisioned, state.walletTokens], [500n, PURSE - 500n]);
    });

    it('make up for a slash, up to the cap', async () => {
      const { alice, slasher } = seen.network.who;
      await settle(alice, working);
      const { slash } = minerRegistry.writes;
      const why = minerId(9);
      await seen.network.send(
        slasher,
        seen.network.at.minerRegistry,
        slash,
        alice,
        minerId(1),
        300n,
        0n,
        slasher,
        why,
      );

      const capped = await settle(alice, { ...working, maxStaked: 320n });
      const whole = await settle(alice, working);

      assert.deepEqual(capped.shortages, [{ kind: 'Cap', needed: 400n, allowed: 320n }]);
      assert.deepEqual(
        [capped.state.provisioned, whole.state.provisioned, whole.state.walletTokens],
        [320n, 400n, PURSE - 700n],
      );
    });

    it('take on terms that the network has changed', async () => {
      const { alice, governor } = seen.network.who;
      await settle(alice, working);
      const changed = { ...parameters.terms, minThawingPeriod: 3n * DAY, minVerifierCut: 200_000n };
      const { setTerms } = minerRegistry.writes;
      await seen.network.send(governor, seen.network.at.minerRegistry, setTerms, changed);

      const { made, state } = await settle(alice, {
        ...working,
        provisioned: 440n,
        miners: minersFrom(1, 4),
      });

      assert.deepEqual(made, ['Approve', 'StageTerms', 'StakeToProvision', 'AcceptTerms', 'RegisterMiners']);
      assert.deepEqual([state.outdatedTerms, state.miners], [undefined, 4]);
    });

    it('register and take off many, 64 at a time', async () => {
      const { alice } = seen.network.who;
      const many = { provisioned: 15_000n, miners: minersFrom(1, 130) };

      const added = await settle(alice, many);
      const removed = await settle(alice, { ...many, miners: [] });

      assert.deepEqual(
        [added.state.miners, added.made.filter((kind) => kind === 'RegisterMiners').length],
        [130, 3],
      );
      assert.deepEqual([removed.state.miners, removed.made], [0, Array(3).fill('DeregisterMiners')]);
    });

    it('make none that a paused contract refuses', async () => {
      const { alice, guardian } = seen.network.who;
      await settle(alice, working);
      await seen.network.send(guardian, seen.network.at.stakeManager, stakeManager.writes.pause);
      await seen.network.pass(parameters.epochLength);

      const { made } = await settle(alice, { ...working, provisioned: 900n });

      assert.deepEqual(made, ['CheckIn']);
    });
  });
});
