/** A parameter, output or field as the JSON ABI has it. */
export interface AbiParameter {
  readonly name: string;
  readonly type: string;
  /** `struct StakeLedger.Stake[]` */
  readonly internalType?: string;
  readonly components?: readonly AbiParameter[];
  readonly indexed?: boolean;
}

/** One entry of a JSON ABI. */
export interface AbiItem {
  readonly type: 'function' | 'constructor' | 'event' | 'error' | 'fallback' | 'receive';
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
  readonly outputs?: readonly AbiParameter[];
  readonly stateMutability?: 'pure' | 'view' | 'nonpayable' | 'payable';
}

/** The name of a parameter; Solidity leaves some without one. src/chain/contracts/binding.ts names them in the same way. */
export function parameterName(parameter: AbiParameter, index: number): string {
  return parameter.name === '' ? `arg${index}` : parameter.name;
}

/** `thaw(address,address,uint256)` */
export function signatureOf(item: AbiItem): string {
  return `${item.name ?? ''}(${(item.inputs ?? []).map(canonicalType).join(',')})`;
}

function canonicalType(parameter: AbiParameter): string {
  if (!parameter.type.startsWith('tuple')) {
    return parameter.type;
  }
  const inner = (parameter.components ?? []).map(canonicalType).join(',');
  return `(${inner})${parameter.type.slice('tuple'.length)}`;
}

/**
 * The TypeScript type of a parameter, as src/chain/contracts/binding.ts decodes it. Structs go by their Solidity name.
 * @throws Error for a type that no contract of ours has used so far
 */
export function typeScriptType(parameter: AbiParameter): string {
  const [, base, list] = /^(\w+)((?:\[\d*\])*)$/.exec(parameter.type) ?? [];
  const one =
    base === 'tuple' ? lastName(canonicalStructName(parameter)) : elementaryType(base ?? parameter.type);
  return list === undefined || list === '' ? one : listType(one, list);
}

function listType(one: string, list: string): string {
  return (list.match(/\[/g) ?? []).reduce(
    (type) => `readonly ${type.replace(/^readonly (.*)$/, '($&)')}[]`,
    one,
  );
}

function elementaryType(type: string): string {
  if (/^u?int\d+$/.test(type)) {
    return 'bigint';
  }
  if (type === 'bool') {
    return 'boolean';
  }
  if (type === 'address' || type === 'string' || /^bytes\d*$/.test(type)) {
    return 'string';
  }
  throw new Error(`hack/contracts-types.ts knows no TypeScript type for '${type}'`);
}

/** `Stake` for `StakeLedger.Stake`. */
export function lastName(canonicalName: string): string {
  return canonicalName.slice(canonicalName.lastIndexOf('.') + 1);
}

/** `StakeLedger.Stake` for `struct StakeLedger.Stake[]`. */
function canonicalStructName(parameter: AbiParameter): string {
  const name = /^struct ([\w.]+)/.exec(parameter.internalType ?? '')?.[1];
  if (name === undefined) {
    throw new Error(`a struct without a name: '${parameter.internalType ?? ''}'`);
  }
  return name;
}

/** The structs that an ABI speaks of by their canonical names, each once, inner ones first. */
export function structsOf(abi: readonly AbiItem[]): ReadonlyMap<string, readonly AbiParameter[]> {
  const found = new Map<string, readonly AbiParameter[]>();
  const visit = (parameter: AbiParameter): void => {
    if (parameter.components !== undefined) {
      parameter.components.forEach(visit);
      found.set(canonicalStructName(parameter), parameter.components);
    }
  };
  for (const item of abi) {
    [...(item.inputs ?? []), ...(item.outputs ?? [])].forEach(visit);
  }
  return found;
}
