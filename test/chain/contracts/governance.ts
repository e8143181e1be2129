import assert from 'node:assert/strict';
import { ZeroAddress, ZeroHash, id } from 'ethers';
import type { ContractRead, ContractWrite } from '../../../src/chain/contracts/binding.ts';
import type { Network } from './network.ts';
import { onFreshState } from './network.ts';
import { refusalOf } from './traced-chain.ts';
import type { TracedContract } from './trace-coverage.ts';

interface Governed extends TracedContract {
  readonly reads: TracedContract['reads'] & {
    readonly DEFAULT_ADMIN_ROLE: ContractRead<[], string>;
    readonly GUARDIAN_ROLE: ContractRead<[], string>;
    readonly hasRole: ContractRead<[role: string, account: string], boolean>;
    readonly getRoleAdmin: ContractRead<[role: string], string>;
    readonly paused: ContractRead<[], boolean>;
    readonly supportsInterface: ContractRead<[interfaceId: string], boolean>;
  };
  readonly writes: TracedContract['writes'] & {
    readonly pause: ContractWrite<[], undefined>;
    readonly unpause: ContractWrite<[], undefined>;
    readonly grantRole: ContractWrite<[role: string, account: string], undefined>;
    readonly revokeRole: ContractWrite<[role: string, account: string], undefined>;
    readonly renounceRole: ContractWrite<[role: string, callerConfirmation: string], undefined>;
  };
}

/** Tests of what every contract of the network has from Governed. */
export function describeGovernance(network: () => Network, contract: Governed, address: () => string): void {
  const { reads, writes } = contract;
  const guardianRole = id('GUARDIAN_ROLE');

  describe('governance', () => {
    onFreshState(network);

    it('lets the guardian pause, and only the governor end it', async () => {
      const { send, refused, read, who } = network();

      const early = await refused(who.governor, address(), writes.unpause);
      await send(who.guardian, address(), writes.pause);
      const again = await refused(who.guardian, address(), writes.pause);
      const byGuardian = await refused(who.guardian, address(), writes.unpause);
      const during = await read(address(), reads.paused);
      await send(who.governor, address(), writes.unpause);

      assert.deepEqual(early, { name: 'ExpectedPause', fields: {} });
      assert.deepEqual(again, { name: 'EnforcedPause', fields: {} });
      assert.equal(byGuardian.name, 'AccessControlUnauthorizedAccount');
      assert.deepEqual([during, await read(address(), reads.paused)], [true, false]);
    });

    it('lets nobody else pause', async () => {
      const { refused, who } = network();

      assert.deepEqual(await refused(who.stranger, address(), writes.pause), {
        name: 'AccessControlUnauthorizedAccount',
        fields: { account: who.stranger, neededRole: guardianRole },
      });
    });

    it('gives and takes roles by the governor', async () => {
      const { send, refused, read, who } = network();
      const role = await read(address(), reads.GUARDIAN_ROLE);

      await send(who.governor, address(), writes.grantRole, role, who.bob);
      const granted = await read(address(), reads.hasRole, role, who.bob);
      await send(who.governor, address(), writes.revokeRole, role, who.bob);
      const unconfirmed = await refused(who.guardian, address(), writes.renounceRole, role, who.bob);
      await send(who.guardian, address(), writes.renounceRole, role, who.guardian);

      assert.equal(role, guardianRole);
      assert.equal(granted, true);
      assert.equal(await read(address(), reads.hasRole, role, who.bob), false);
      assert.equal(await read(address(), reads.hasRole, role, who.guardian), false);
      assert.deepEqual(unconfirmed, { name: 'AccessControlBadConfirmation', fields: {} });
      assert.equal(await read(address(), reads.getRoleAdmin, role), ZeroHash);
      assert.equal(await read(address(), reads.DEFAULT_ADMIN_ROLE), ZeroHash);
    });

    it('says that it has access control (ERC-165)', async () => {
      const { read } = network();

      // type(IAccessControl).interfaceId, as OpenZeppelin documents it.
      assert.equal(await read(address(), reads.supportsInterface, '0x7965db0b'), true);
      assert.equal(await read(address(), reads.supportsInterface, '0xffffffff'), false);
    });
  });
}

/** Creates a contract that must refuse it, and says why. */
export async function refusedCreation(
  network: Network,
  data: string,
): Promise<{ name: string; fields: object }> {
  const receipt = await network.transact({ from: network.who.deployer, data });
  assert.equal(receipt.status, '0x0', 'it was created');
  return refusalOf(receipt.trace);
}

/**
 * The last test of a contract's file: the traces of all tests before it have seen every external function and every custom error of it.
 * @param unreachable signatures of errors that the ABI lists although nothing can raise them, with the reason; one that is raised after all fails
 */
export function checkCoverage(
  network: () => Network,
  contract: TracedContract,
  unreachable: Readonly<Record<string, string>> = {},
): void {
  // In a suite of its own: mocha runs the tests of a suite before the suites in it.
  describe('coverage', () => {
    it('has every external function and every custom error exercised, by the traces', () => {
      assert.deepEqual(network().coverage.missing(contract).sort(), Object.keys(unreachable).sort());
    });
  });
}

export const NOBODY = ZeroAddress;
