import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../src/api/kube-object.ts';

/** What `helm template` is asked for. */
export interface ChartRelease {
  /** Path of Helm. */
  readonly helm: string;
  /** Path of the chart's folder. */
  readonly chart: string;
  readonly name: string;
  readonly namespace: string;
  /** More arguments, such as `--set=replicas=2`. */
  readonly args?: readonly string[];
}

/**
 * The objects of a release, as the chart's templates make them. No cluster is asked.
 * @throws Error with what Helm says
 */
export async function renderChart({
  helm,
  chart,
  name,
  namespace,
  args = [],
}: ChartRelease): Promise<KubeObject[]> {
  const command = ['template', name, chart, '--namespace', namespace, ...args];
  const { stdout } = await promisify(execFile)(helm, command, { maxBuffer: 64 * 1024 * 1024 });
  return objectsIn(stdout);
}

/** The objects of a stream of YAML documents; empty documents are left out. */
export function objectsIn(yaml: string): KubeObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}
