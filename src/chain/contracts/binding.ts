import { Interface, type InterfaceAbi, type ParamType, type Result } from 'ethers';

/*
 * What the generated bindings are made of: one small record per function, event and error of a contract, so that chain
 * code names them as properties with typed arguments and never by strings. Amounts and all other integers are bigint, addresses
 * and bytes are 0x-strings, structs are plain objects.
 *
 * What is hashed is hashed when it is first asked for: the signatures of all contracts together took a sixth of the operator's start.
 */

/** The ABI of a contract. */
export type Abi = () => Interface;

/** An ABI that is read when it is first asked for. */
export function abiOf(items: InterfaceAbi): Abi {
  return lazy(() => new Interface(items));
}

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
  abi: Abi,
  signature: string,
): ContractRead<Args, Output> {
  return contractFunction<'read', Args, Output>('read', abi, signature);
}

/** The binding of a function that changes state. */
export function contractWrite<Args extends readonly unknown[], Output>(
  abi: Abi,
  signature: string,
): ContractWrite<Args, Output> {
  return contractFunction<'write', Args, Output>('write', abi, signature);
}

/** The binding of a constructor. */
export function contractConstructor<Args extends readonly unknown[]>(abi: Abi): ContractConstructor<Args> {
  return { encode: (bytecode, ...args) => bytecode + abi().encodeDeploy(args).slice(2) };
}

/** The binding of an event. */
export function contractEvent<Fields extends object, Indexed extends keyof Fields>(
  abi: Abi,
  signature: string,
): ContractEvent<Fields, Indexed> {
  const event = lazy(() => {
    const fragment = present(abi().getEvent(signature), signature);
    return { fragment, topic: fragment.topicHash };
  });
  return {
    signature,
    get topic() {
      return event().topic;
    },
    topics(where = {}) {
      const { fragment } = event();
      const values = where as Readonly<Record<string, unknown>>;
      const indexed = fragment.inputs.filter((input) => input.indexed);
      return abi().encodeFilterTopics(
        fragment,
        indexed.map((input) => values[input.name] ?? null),
      ) as (string | null)[];
    },
    decode({ topics, data }) {
      const { fragment, topic } = event();
      if (topics[0] !== topic) {
        return undefined;
      }
      return record(fragment.inputs, abi().decodeEventLog(fragment, data, topics)) as Fields;
    },
  };
}

/** The binding of a custom error. */
export function contractError<Fields extends object>(abi: Abi, signature: string): ContractError<Fields> {
  const error = lazy(() => {
    const fragment = present(abi().getError(signature), signature);
    return { fragment, selector: fragment.selector };
  });
  return {
    signature,
    get selector() {
      return error().selector;
    },
    decode(data) {
      const { fragment, selector } = error();
      if (!data.startsWith(selector)) {
        return undefined;
      }
      return record(fragment.inputs, abi().decodeErrorResult(fragment, data)) as Fields;
    },
  };
}

function contractFunction<Kind, Args extends readonly unknown[], Output>(
  kind: Kind,
  abi: Abi,
  signature: string,
): ContractFunction<Args, Output> & { readonly kind: Kind } {
  const called = lazy(() => {
    const fragment = present(abi().getFunction(signature), signature);
    // As encodeFunctionData, which hashes the signature anew for each call.
    return { fragment, selector: fragment.selector };
  });
  return {
    kind,
    signature,
    get selector() {
      return called().selector;
    },
    encode(...args) {
      const { fragment, selector } = called();
      return selector + abi().getAbiCoder().encode(fragment.inputs, args).slice(2);
    },
    decodeArgs(data) {
      const { fragment, selector } = called();
      if (!data.startsWith(selector)) {
        return undefined;
      }
      const values = abi().decodeFunctionData(fragment, data);
      return fragment.inputs.map((input, index) => plain(input, values[index])) as unknown as Args;
    },
    decodeOutput(data) {
      const { fragment } = called();
      const values = abi().decodeFunctionResult(fragment, data);
      const [only] = fragment.outputs;
      if (only === undefined) {
        return undefined as Output;
      }
      return (
        fragment.outputs.length === 1 ? plain(only, values[0]) : record(fragment.outputs, values)
      ) as Output;
    },
  };
}

/** Made at the first call; later calls get the same. */
function lazy<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
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
