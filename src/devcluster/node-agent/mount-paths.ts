/** A mount path of the pod's spec and the folder or file that holds its content here. */
export interface MappedMount {
  readonly mountPath: string;
  readonly hostPath: string;
}

/*
 * There is no chroot: a container sees the whole file system of this machine. What it would find at /etc/miner lies at
 * $HEADFRAME_MOUNT_ROOT/etc/miner instead, and wherever the container's command, args or environment name a mount path, the
 * real path is put in its place, so that ordinary manifests work unchanged.
 */

/**
 * Replaces each mount path by its real one, where it stands as a path of its own or is the beginning of one: `/data` in
 * `/data`, `--out=/data/x` and `cat /data/a >/data/b`, but not in `/data2`, `/mnt/data` or `data`.
 */
export function mapMountPaths(text: string, mounts: readonly MappedMount[]): string {
  if (mounts.length === 0) {
    return text;
  }
  const hostPaths = new Map(mounts.map(({ mountPath, hostPath }) => [trimSlash(mountPath), hostPath]));
  // The longest first: /data/models is mounted over /data.
  const alternatives = [...hostPaths.keys()].sort((a, b) => b.length - a.length).map(escapeRegExp);
  const pattern = new RegExp(`(?<![\\w./~-])(${alternatives.join('|')})(?![\\w.~-])`, 'g');
  return text.replace(pattern, (found) => hostPaths.get(found) ?? found);
}

function trimSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
