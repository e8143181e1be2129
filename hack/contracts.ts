import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { bindingFile, bytecodeFile, kebab } from './contracts-bindings.ts';
import { compileContracts, type CompiledContract } from './contracts-compile.ts';

/*
 * npm run generate:contracts: compiles contracts/ and writes the typed bindings. The bytecode stands apart from them, in the
 * layer that only the demo and tests use: the operator deploys nothing. Contracts that only tests need go to the tests.
 * Needs no network: the compiler is the npm package solc, what the contracts import lies in node_modules.
 */
const compiled = compileContracts(['contracts', 'contracts/local', 'contracts/testing']);
const doubles = compiled.filter(({ source }) => source.startsWith('contracts/testing/'));
const network = compiled.filter((contract) => !doubles.includes(contract));

writeFolder('src/chain/contracts/generated/', bindings(network, '../binding.ts'));
writeFolder('src/devcluster/local-chain/generated/', { 'bytecode.ts': bytecodeFile(network) });
writeFolder('test/chain/contracts/generated/', {
  ...bindings(doubles, '../../../../src/chain/contracts/binding.ts'),
  'bytecode.ts': bytecodeFile(doubles),
});

function bindings(contracts: readonly CompiledContract[], runtime: string): Record<string, string> {
  return Object.fromEntries(
    contracts.map((contract) => [`${kebab(contract.name)}.ts`, bindingFile(contract, runtime)]),
  );
}

/** Writes the files of a folder, and removes what else is in it: the binding of a contract that is gone goes too. */
function writeFolder(folder: string, files: Readonly<Record<string, string>>): void {
  const url = new URL(`../${folder}`, import.meta.url);
  mkdirSync(url, { recursive: true });
  for (const name of readdirSync(url).filter((existing) => files[existing] === undefined)) {
    rmSync(new URL(name, url));
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(new URL(name, url), text);
    process.stdout.write(`${folder}${name}\n`);
  }
}
