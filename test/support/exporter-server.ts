import { startScriptedApiServer, type ScriptedApiServer } from './scripted-api-server.ts';

/** An exporter on 127.0.0.1. */
export interface ExporterServer extends ScriptedApiServer {
  readonly port: number;
  /** Shows GPUs that pods of the namespace `default` have, by name of the pod: one for each utilisation (0 to 1). */
  show(gpus: Readonly<Record<string, readonly number[]>>): void;
}

export async function startExporterServer(): Promise<ExporterServer> {
  const server = await startScriptedApiServer((_request, response) => void response.end(''));
  return Object.assign(server, {
    port: Number(server.url.port),
    show(gpus: Readonly<Record<string, readonly number[]>>) {
      server.answer((_request, response) => void response.end(exporterText(gpus)));
    },
  });
}

/** What dcgm-exporter writes of GPUs that pods of the namespace `default` have. */
export function exporterText(gpus: Readonly<Record<string, readonly number[]>>): string {
  return Object.entries(gpus)
    .flatMap(([pod, shares]) =>
      shares.map(
        (share, index) =>
          `DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="${index}",UUID="GPU-${pod}-${index}",Hostname="n",namespace="default",pod="${pod}"} ${share}\n`,
      ),
    )
    .join('');
}
