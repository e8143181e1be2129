/** One call of a trace, as geth's callTracer gives it. */
export interface Frame {
  readonly type: string;
  readonly to?: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly calls?: readonly Frame[];
}

/** What a trace must have seen of a contract. The generated bindings have this shape. */
export interface TracedContract {
  readonly name: string;
  readonly reads: Readonly<Record<string, { readonly signature: string; readonly selector: string }>>;
  readonly writes: Readonly<Record<string, { readonly signature: string; readonly selector: string }>>;
  readonly errors: Readonly<Record<string, { readonly signature: string; readonly selector: string }>>;
}

/** Which external functions and custom errors of contracts have been reached, judged by traces alone. */
export interface TraceCoverage {
  /** From now on calls of this address count for the contract. */
  watch(address: string, contract: TracedContract): void;
  /** From now on creations with this bytecode count for the contract: constructors have errors too. */
  watchCreation(bytecode: string, contract: TracedContract): void;
  record(trace: Frame): void;
  /** Signatures of what was never reached, functions before errors. */
  missing(contract: TracedContract): string[];
}

export function traceCoverage(): TraceCoverage {
  const byAddress = new Map<string, TracedContract>();
  const byCreation: (readonly [bytecode: string, contract: TracedContract])[] = [];
  const reached = new Set<string>();

  function contractOf(frame: Frame): TracedContract | undefined {
    if (frame.type.startsWith('CREATE')) {
      return byCreation.find(([bytecode]) => frame.input.startsWith(bytecode))?.[1];
    }
    return byAddress.get((frame.to ?? '').toLowerCase());
  }

  function record(frame: Frame): void {
    const contract = contractOf(frame);
    if (contract !== undefined) {
      reached.add(`${contract.name} ${frame.input.slice(0, 10)}`);
      if (raised(frame)) {
        reached.add(`${contract.name} ${(frame.output ?? '').slice(0, 10)}`);
      }
    }
    frame.calls?.forEach(record);
  }

  return {
    watch: (address, contract) => byAddress.set(address.toLowerCase(), contract),
    watchCreation: (bytecode, contract) => byCreation.push([bytecode, contract]),
    record,
    missing: ({ name, reads, writes, errors }) =>
      [reads, writes, errors]
        .flatMap((group) => Object.values(group))
        .filter(({ selector }) => !reached.has(`${name} ${selector}`))
        .map(({ signature }) => signature),
  };
}

/** Whether the frame itself reverted with this data. What only came through it from a call below was raised there. */
function raised(frame: Frame): boolean {
  return (
    frame.error !== undefined &&
    frame.output !== undefined &&
    !(frame.calls ?? []).some((call) => call.error !== undefined && call.output === frame.output)
  );
}
