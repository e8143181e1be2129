import type { Interface, ParamType, Result } from 'ethers';

/*
 * What the generated bindings are made of: one small record per function, event and error of a contract, so that chain
 * code names them as properties with typed arguments and never by strings. Amounts and all other integers are bigint, addresses
 * and bytes are 0x-strings, structs are plain objects.
 */

interface ContractFunction<Args extends readonly unknown[], Output> {
  /** As in Solidity: `thaw(address,address,uint256)`. */
  readonly signature: string;
  /** The first four bytes of the call data, as a 0x-string. */
  readonly selector: string;
  /** The call data. Throws on a value that the type cannot hold, such as a negative amount or an address with a wrong checksum. */
  encode(...args: Args): string;
  /** The arguments of call data, undefined when it is not a call of this function. */
  decodeArgs(data: string): Args | undefined;
  /** What a call returned. Throws when `data` is anything else, as the answer of an address without code is. */
  decodeOutput(data: string): Output;
}

/** A function that reads: for `eth_call`. */
export interface ContractRead<Args extends readonly unknown[], Output> extends ContractFunction<
  Args,
  Output
> {
  readonly kind: 'read';
}

/** A function that changes state: for transactions. */
export interface ContractWrite<Args extends readonly unknown[], Output> extends ContractFunction<
  Args,
  Output
> {
  readonly kind: 'write';
}

/** A constructor. */
export interface ContractConstructor<Args extends readonly unknown[]> {
  /** The data of the transaction that creates the contract. */
  encode(bytecode: string, ...args: Args): string;
}

/** What of a log a binding reads. */
export interface EventLog {
  readonly topics: readonly string[];
  readonly data: string;
}

/** An event. `Indexed` are the fields that a filter may name. */
export interface ContractEvent<Fields extends object, Indexed extends keyof Fields> {
  /** As in Solidity: `Staked(address,address,uint256)`. */
  readonly signature: string;
  /** The first topic, as a 0x-string. */
  readonly topic: string;
  /** Topics for `eth_getLogs`: this event, with these indexed fields. */
  topics(where?: Partial<Pick<Fields, Indexed>>): (string | null)[];
  /** The fields of a log, undefined when it is another event. Does not look at the log's address. */
  decode(log: EventLog): Fields | undefined;
}

/** A custom error. */
export interface ContractError<Fields extends object> {
  /** As in Solidity: `InsufficientStake(uint256,uint256)`. */
  readonly signature: string;
  /** The first four bytes of the revert data, as a 0x-string. */
  readonly selector: string;
  /** The fields of revert data, undefined when it is another error. */
  decode(data: string): Fields | undefined;
}

/** The binding of a function that reads. */
export function contractRead<Args extends readonly unknown[], Output>(
  abi: Interface,
  signature: string,
): ContractRead<Args, Output> {
  return { kind: 'read', ...contractFunction<Args, Output>(abi, signature) };
}

/** The binding of a function that changes state. */
export function contractWrite<Args extends readonly unknown[], Output>(
  abi: Interface,
  signature: string,
): ContractWrite<Args, Output> {
  return { kind: 'write', ...contractFunction<Args, Output>(abi, signature) };
}

/** The binding of a constructor. */
export function contractConstructor<Args extends readonly unknown[]>(
  abi: Interface,
): ContractConstructor<Args> {
  return { encode: (bytecode, ...args) => bytecode + abi.encodeDeploy(args).slice(2) };
}

/** The binding of an event. */
export function contractEvent<Fields extends object, Indexed extends keyof Fields>(
  abi: Interface,
  signature: string,
): ContractEvent<Fields, Indexed> {
  const fragment = present(abi.getEvent(signature), signature);
  return {
    signature,
    topic: fragment.topicHash,
    topics(where = {}) {
      const values = where as Readonly<Record<string, unknown>>;
      const indexed = fragment.inputs.filter((input) => input.indexed);
      return abi.encodeFilterTopics(
        fragment,
        indexed.map((input) => values[input.name] ?? null),
      ) as (string | null)[];
    },
    decode({ topics, data }) {
      if (topics[0] !== fragment.topicHash) {
        return undefined;
      }
      return record(fragment.inputs, abi.decodeEventLog(fragment, data, topics)) as Fields;
    },
  };
}

/** The binding of a custom error. */
export function contractError<Fields extends object>(
  abi: Interface,
  signature: string,
): ContractError<Fields> {
  const fragment = present(abi.getError(signature), signature);
  return {
    signature,
    selector: fragment.selector,
    decode(data) {
      if (!data.startsWith(fragment.selector)) {
        return undefined;
      }
      return record(fragment.inputs, abi.decodeErrorResult(fragment, data)) as Fields;
    },
  };
}

function contractFunction<Args extends readonly unknown[], Output>(
  abi: Interface,
  signature: string,
): ContractFunction<Args, Output> {
  const fragment = present(abi.getFunction(signature), signature);
  const { inputs, outputs, selector } = fragment;
  const [only] = outputs;
  return {
    signature,
    selector,
    // As encodeFunctionData, which hashes the signature anew for each call.
    encode: (...args) => selector + abi.getAbiCoder().encode(inputs, args).slice(2),
    decodeArgs(data) {
      if (!data.startsWith(selector)) {
        return undefined;
      }
      const values = abi.decodeFunctionData(fragment, data);
      return inputs.map((input, index) => plain(input, values[index])) as unknown as Args;
    },
    decodeOutput(data) {
      const values = abi.decodeFunctionResult(fragment, data);
      if (only === undefined) {
        return undefined as Output;
      }
      return (outputs.length === 1 ? plain(only, values[0]) : record(outputs, values)) as Output;
    },
  };
}

/** What the generator has written is in the ABI; this tells the types so. */
function present<T>(fragment: T | null, signature: string): T {
  if (fragment === null) {
    throw new Error(`the ABI has no ${signature}`);
  }
  return fragment;
}

function record(types: readonly ParamType[], values: Result): Record<string, unknown> {
  return Object.fromEntries(
    types.map((type, index) => [nameOf(type.name, index), plain(type, values[index])]),
  );
}

/** The generator names what Solidity leaves without a name in the same way. */
function nameOf(name: string, index: number): string {
  return name === '' ? `arg${index}` : name;
}

/** ethers' results are proxies around arrays; ours are plain objects and arrays. */
function plain(type: ParamType, value: unknown): unknown {
  if (type.isArray()) {
    const { arrayChildren } = type;
    return (value as Result).toArray().map((item) => plain(arrayChildren, item));
  }
  return type.isTuple() ? record(type.components, value as Result) : value;
}
