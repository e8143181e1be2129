import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import solc from 'solc';
import { type ContractDocs, docsOf, type SourceUnit, structDocsOf } from './contracts-docs.ts';
import type { AbiItem } from './contracts-types.ts';

/** A compiled contract. */
export interface CompiledContract {
  readonly name: string;
  /** From the top of the repository. */
  readonly source: string;
  readonly abi: readonly AbiItem[];
  /** What creates it, a 0x-string without constructor arguments. */
  readonly bytecode: string;
  /** NatSpec for users and developers. */
  readonly docs: ContractDocs;
}

interface SolcOutput {
  readonly errors?: readonly Complaint[];
  readonly contracts: Readonly<Record<string, Readonly<Record<string, SolcContract>>>>;
  readonly sources: Readonly<Record<string, { readonly ast: SourceUnit }>>;
}

interface Complaint {
  readonly severity: 'error' | 'warning' | 'info';
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string };
}

interface SolcContract {
  readonly abi: readonly AbiItem[];
  readonly evm: { readonly bytecode: { readonly object: string } };
  readonly userdoc: Readonly<Record<string, unknown>>;
  readonly devdoc: Readonly<Record<string, unknown>>;
}

/** solc's own types leave it open. */
const compile = solc.compile as (
  input: string,
  callbacks: { readonly import: typeof importedSource },
) => string;

const repository = new URL('../', import.meta.url);

/**
 * Compiles the contracts of the folders, with what they import. Only those that stand in these folders themselves are returned.
 * @param folders from the top of the repository, without a slash at the end
 * @throws Error with the compiler's words, for its warnings too: a contract with a warning is not finished
 */
export function compileContracts(folders: readonly string[]): CompiledContract[] {
  const files = folders.flatMap((folder) => solidityFiles(folder));
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(files.map((file) => [file, { content: read(file) }])),
    settings: {
      // Calls are many, deployments few.
      optimizer: { enabled: true, runs: 10_000 },
      // Transient storage (reentrancy guard) came with cancun; what came after it is not on all chains yet.
      evmVersion: 'cancun',
      // No hash of the sources at the end of the code: a change of a comment is none of the bytecode.
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'userdoc', 'devdoc'], '': ['ast'] } },
    },
  };
  const output = JSON.parse(compile(JSON.stringify(input), { import: importedSource })) as SolcOutput;
  const complaints = (output.errors ?? []).filter(concernsUs);
  if (complaints.length > 0) {
    throw new Error(complaints.map((complaint) => complaint.formattedMessage).join('\n'));
  }
  const structs = structDocsOf(Object.values(output.sources).map(({ ast }) => ast));
  return files.flatMap((source) =>
    Object.entries(output.contracts[source] ?? {}).map(([name, contract]) => ({
      name,
      source,
      abi: contract.abi,
      bytecode: `0x${contract.evm.bytecode.object}`,
      docs: { ...docsOf(contract.userdoc, contract.devdoc), structs },
    })),
  );
}

/** Packages are warned of what they know: OpenZeppelin's reentrancy guard uses transient storage, as it may. */
function concernsUs({ severity, sourceLocation }: Complaint): boolean {
  return severity === 'error' || sourceLocation?.file.startsWith('@') !== true;
}

function solidityFiles(folder: string): string[] {
  const names = readdirSync(new URL(folder, repository)).filter((name) => name.endsWith('.sol'));
  return names.sort().map((name) => `${folder}/${name}`);
}

/** solc asks for what is imported: files of ours by their path, packages from node_modules. */
function importedSource(path: string): { contents: string } | { error: string } {
  const file = path.startsWith('@') ? `node_modules/${path}` : path;
  return existsSync(new URL(file, repository))
    ? { contents: read(file) }
    : { error: `${path} is not in ${fileURLToPath(repository)}` };
}

function read(file: string): string {
  return readFileSync(new URL(file, repository), 'utf8');
}
