import type { CompiledContract } from './contracts-compile.ts';
import {
  type AbiItem,
  type AbiParameter,
  lastName,
  parameterName,
  signatureOf,
  structsOf,
  typeScriptType,
} from './contracts-types.ts';

/**
 * The TypeScript of one contract's binding.
 * @param runtime where src/chain/contracts/binding.ts lies, as the file imports it
 */
export function bindingFile(contract: CompiledContract, runtime: string): string {
  const { abi, name, source, docs } = contract;
  const sections = [
    section(abi, 'reads', isRead, (item) => functionLine(item, contract, 'contractRead')),
    section(abi, 'writes', isWrite, (item) => functionLine(item, contract, 'contractWrite')),
    section(abi, 'events', isKind('event'), (item) => eventLine(item, contract)),
    section(abi, 'errors', isKind('error'), (item) => errorLine(item, contract)),
  ];
  const body = [
    `export const ${camel(name)}Abi = [`,
    ...abi.map((item) => `  ${JSON.stringify(item)},`),
    '] as const;',
    '',
    `const abi = abiOf(${camel(name)}Abi);`,
    '',
    ...structInterfaces(contract),
    ...docLines('', [docs.title, docs.notice]),
    `export const ${camel(name)} = {`,
    `  name: '${name}',`,
    `  create: contractConstructor<${tuple(constructorInputs(abi))}>(abi),`,
    ...sections,
    '} as const;',
    '',
  ].join('\n');
  const used = ['contractConstructor', 'contractError', 'contractEvent', 'contractRead', 'contractWrite'];
  const imports = used.filter((helper) => body.includes(`${helper}<`));
  return [
    `// Written by npm run generate:contracts from ${source}. Do not edit.`,
    `import { abiOf, ${imports.join(', ')} } from '${runtime}';`,
    '',
    body,
  ].join('\n');
}

/** The TypeScript that holds the bytecode of contracts, by name. */
export function bytecodeFile(contracts: readonly CompiledContract[]): string {
  return [
    '// Written by npm run generate:contracts. Do not edit.',
    '/** What creates the contracts, without constructor arguments. */',
    'export const bytecode = {',
    ...contracts.map(({ name, bytecode }) => `  ${name}: '${bytecode}',`),
    '} as const;',
    '',
  ].join('\n');
}

/** `stake-manager` */
export function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase();
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

type Predicate = (item: AbiItem) => boolean;

const isRead: Predicate = (item) =>
  item.type === 'function' && (item.stateMutability === 'view' || item.stateMutability === 'pure');
const isWrite: Predicate = (item) => item.type === 'function' && !isRead(item);
const isKind =
  (kind: AbiItem['type']): Predicate =>
  (item) =>
    item.type === kind;

function section(
  abi: readonly AbiItem[],
  title: string,
  belongs: Predicate,
  line: (item: AbiItem) => string,
): string {
  const items = abi.filter(belongs);
  const names = items.map((item) => item.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(`two ${title} are named '${twice}': bindings know them by their name alone`);
  }
  return [`  ${title}: {`, ...items.map(line), '  },'].join('\n');
}

function functionLine(item: AbiItem, contract: CompiledContract, helper: string): string {
  const outputs = item.outputs ?? [];
  const [only] = outputs;
  const output =
    only === undefined ? 'undefined' : outputs.length === 1 ? typeScriptType(only) : shape(outputs);
  const types = `${tuple(item.inputs ?? [])}, ${output}`;
  return member(item, contract, `${helper}<${types}>(abi, '${signatureOf(item)}')`);
}

function eventLine(item: AbiItem, contract: CompiledContract): string {
  const inputs = item.inputs ?? [];
  const indexed = inputs.flatMap((input, index) =>
    input.indexed === true ? [`'${parameterName(input, index)}'`] : [],
  );
  const types = `${shape(inputs)}, ${indexed.length === 0 ? 'never' : indexed.join(' | ')}`;
  return member(item, contract, `contractEvent<${types}>(abi, '${signatureOf(item)}')`);
}

function errorLine(item: AbiItem, contract: CompiledContract): string {
  return member(item, contract, `contractError<${shape(item.inputs ?? [])}>(abi, '${signatureOf(item)}')`);
}

function member(item: AbiItem, { docs }: CompiledContract, value: string): string {
  const name = item.name ?? '';
  const said = docs.members[signatureOf(item)] ?? docs.members[name];
  const params = (item.inputs ?? []).flatMap(({ name: param }) => {
    const about = said?.params[param];
    return about === undefined ? [] : [`@param ${param} ${about}`];
  });
  const returns = Object.entries(said?.returns ?? {}).map(
    ([output, about]) => `@returns ${/^_\d+$/.test(output) ? '' : `${output} `}${about}`,
  );
  return [...docLines('    ', [said?.notice ?? '', ...params, ...returns]), `    ${name}: ${value},`].join(
    '\n',
  );
}

function structInterfaces({ abi, docs }: CompiledContract): string[] {
  return [...structsOf(abi)].flatMap(([canonicalName, fields]) => {
    const said = docs.structs[canonicalName];
    return [
      ...docLines('', [said?.notice ?? '']),
      `export interface ${lastName(canonicalName)} {`,
      ...fields.flatMap((field, index) => [
        ...docLines('  ', [said?.params[field.name] ?? '']),
        `  readonly ${parameterName(field, index)}: ${typeScriptType(field)};`,
      ]),
      '}',
      '',
    ];
  });
}

function constructorInputs(abi: readonly AbiItem[]): readonly AbiParameter[] {
  return abi.find((item) => item.type === 'constructor')?.inputs ?? [];
}

/** `[provider: string, tokens: bigint]` */
function tuple(parameters: readonly AbiParameter[]): string {
  return `[${parameters.map((parameter, index) => `${parameterName(parameter, index)}: ${typeScriptType(parameter)}`).join(', ')}]`;
}

/** `{ readonly provider: string; readonly tokens: bigint }` */
function shape(parameters: readonly AbiParameter[]): string {
  const fields = parameters.map(
    (parameter, index) => `readonly ${parameterName(parameter, index)}: ${typeScriptType(parameter)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join('; ')} }`;
}

function docLines(indent: string, lines: readonly string[]): string[] {
  const said = lines.map((line) => line.trim().replaceAll('*/', '* /')).filter((line) => line !== '');
  if (said.length === 0) {
    return [];
  }
  if (said.length === 1) {
    return [`${indent}/** ${said.join('')} */`];
  }
  return [`${indent}/**`, ...said.map((line) => `${indent} * ${line}`), `${indent} */`];
}
