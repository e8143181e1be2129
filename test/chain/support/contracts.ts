import { Interface } from 'ethers';
import type { InterfaceAbi } from 'ethers';
import solc from 'solc';

/** A stand-in with the interface of Multicall3, and a contract that tells events and refuses in every way. */
const SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

contract Multicall {
  struct Call { address target; bool allowFailure; bytes callData; }
  struct Result { bool success; bytes returnData; }

  function aggregate3(Call[] calldata calls) external payable returns (Result[] memory results) {
    results = new Result[](calls.length);
    for (uint256 i = 0; i < calls.length; i++) {
      (bool ok, bytes memory data) = calls[i].target.call(calls[i].callData);
      require(ok || calls[i].allowFailure, "Multicall3: call failed");
      results[i] = Result(ok, data);
    }
  }

  function getBlockNumber() external view returns (uint256) { return block.number; }
}

contract Probe {
  error TooLow(uint256 held, uint256 needed);
  event Said(uint256 indexed number);
  uint256 public sum;

  function say(uint256 number) external { sum += number; emit Said(number); }
  function square(uint256 number) external pure returns (uint256) { return number * number; }
  function refuse() external pure { revert TooLow(5, 10); }
  function refuseInWords() external pure { require(false, "not yet"); }
}
`;

interface Compiled {
  readonly abi: InterfaceAbi;
  readonly evm: { readonly deployedBytecode: { readonly object: string } };
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: { readonly 'probe.sol': Readonly<Record<'Multicall' | 'Probe', Compiled>> };
}

/** A contract whose code can be put anywhere with `anvil_setCode`. */
export interface TestContract {
  readonly abi: Interface;
  /** As it stands on chain, in hex. */
  readonly code: string;
}

/** Compiles them: about a second. */
export function testContracts(): { readonly multicall: TestContract; readonly probe: TestContract } {
  const outputSelection = { '*': { '*': ['abi', 'evm.deployedBytecode.object'] } };
  const input = {
    language: 'Solidity',
    sources: { 'probe.sol': { content: SOURCE } },
    settings: { outputSelection },
  };
  const { compile } = solc as { readonly compile: (input: string) => string };
  const { contracts, errors = [] } = JSON.parse(compile(JSON.stringify(input))) as Output;
  const wrong = errors.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) {
    throw new Error(wrong.formattedMessage);
  }
  const of = ({ abi, evm }: Compiled): TestContract => ({
    abi: new Interface(abi),
    code: `0x${evm.deployedBytecode.object}`,
  });
  return { multicall: of(contracts['probe.sol'].Multicall), probe: of(contracts['probe.sol'].Probe) };
}
