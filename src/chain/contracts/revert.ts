import { AbiCoder } from 'ethers';
import type { ContractError } from './binding.ts';

type ErrorTable = Readonly<Record<string, ContractError<object>>>;
type FieldsOf<E> = E extends ContractError<infer Fields> ? Fields : never;

/** A custom error of `Errors` by name, or what Solidity itself reverts with. */
export type Revert<Errors extends ErrorTable> =
  | { [Name in keyof Errors]: { readonly name: Name; readonly fields: FieldsOf<Errors[Name]> } }[keyof Errors]
  | { readonly name: 'Error'; readonly fields: { readonly message: string } }
  | { readonly name: 'Panic'; readonly fields: { readonly code: bigint } };

// keccak256('Error(string)') and keccak256('Panic(uint256)'), first four bytes (Solidity's documentation, control structures).
const ERROR_SELECTOR = '0x08c379a0';
const PANIC_SELECTOR = '0x4e487b71';

/**
 * Why a call reverted.
 * @param errors of the contract that was called; add those of the contracts that it calls, for their errors come through
 * @param data the revert data, a 0x-string
 * @returns undefined when it is none of them, or empty
 */
export function decodeRevert<Errors extends ErrorTable>(
  errors: Errors,
  data: string,
): Revert<Errors> | undefined {
  for (const [name, error] of Object.entries(errors)) {
    const fields = error.decode(data);
    if (fields !== undefined) {
      return { name, fields } as Revert<Errors>;
    }
  }
  const coder = AbiCoder.defaultAbiCoder();
  const rest = `0x${data.slice(10)}`;
  if (data.startsWith(ERROR_SELECTOR)) {
    return { name: 'Error', fields: { message: String(coder.decode(['string'], rest)[0]) } };
  }
  if (data.startsWith(PANIC_SELECTOR)) {
    return { name: 'Panic', fields: { code: BigInt(String(coder.decode(['uint256'], rest)[0])) } };
  }
  return undefined;
}

/** A revert for people: `InsufficientStake(available: 5, required: 10)`. Amounts are in the smallest unit, as the contract has them. */
export function revertText(revert: { readonly name: PropertyKey; readonly fields: object }): string {
  const fields = Object.entries(revert.fields).map(([name, value]) => `${name}: ${String(value)}`);
  return `${String(revert.name)}(${fields.join(', ')})`;
}
