import { writeFileSync } from 'node:fs';
import { kubernetesTools } from '../test/support/kubernetes-tools.ts';
import { chartFolder, installManifest, installRelease, manifestPaths } from './install-manifest.ts';
import { renderChart } from './render-chart.ts';

/*
 * npm run generate:manifests: writes the manifests for those who install without Helm, from the chart. test/chart/manifests.test.ts fails
 * when they differ from what stands in the repository.
 */
const { helm } = await kubernetesTools();
const text = installManifest(await renderChart({ helm, chart: chartFolder, ...installRelease }));
for (const path of manifestPaths) {
  writeFileSync(new URL(`../${path}`, import.meta.url), text);
  process.stdout.write(`${path}\n`);
}
