/**
 * What an XID error says of a GPU. `application`: nothing, a program made it. `fatal`: nothing runs on it until it is reset, or its
 * machine is started anew. `other`: something is wrong, and the GPU goes on.
 */
export type XidSeverity = 'application' | 'fatal' | 'other';

/** NVIDIA/k8s-device-plugin, internal/rm/health.go: errors of applications, after which the GPU is still healthy. */
const application: ReadonlySet<number> = new Set([13, 31, 43, 45, 68, 109]);

/*
 * docs.nvidia.com/deploy/xid-errors, "Analyzing Xid Errors with the Xid Catalog", immediate action: RESET_GPU or RESTART_BM; or, where it
 * is a workflow (48, 74), a text which says that a reset or a reboot is needed. Not among them are 63, a row of memory that was put
 * out of use (IGNORE), and 94, an error of memory that was contained (RESTART_APP): both may come again.
 */
const fatal: ReadonlySet<number> = new Set([
  48, // an error of memory that cannot be corrected
  62, // a micro-controller of the GPU has halted
  64, // a row of memory could not be put out of use
  74, // NVLink
  79, // has fallen off the bus
  95, // an error of memory that was not contained: it hits all programs
  119, // the GPU's own processor does not answer
  120, // an error of the GPU's own processor
  140, // an error of memory that has escaped
]);

/** The severity of a code; of one that is not known, `other`. */
export function xidSeverity(code: number): XidSeverity {
  return application.has(code) ? 'application' : fatal.has(code) ? 'fatal' : 'other';
}
