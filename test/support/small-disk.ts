/**
 * A real disk that is soon full, for stories that want to see it: a file system in memory, which
 * takes root to mount. Whoever asks goes without where there is none.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SmallDisk = NonNullable<ReturnType<typeof openSmallDisk>>;

const FILLER = 'filler';

export function openSmallDisk(megabytes: number) {
  const directory = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    const size = `size=${megabytes}m`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    rmdirSync(directory);
    return undefined;
  }
  return {
    directory,
    /** Leaves so many bytes. */
    fill(roomBytes = 0): void {
      const { bavail, bsize } = statfsSync(directory);
      writeFileSync(join(directory, FILLER), Buffer.alloc(bavail * bsize - roomBytes));
    },
    makeRoom: (): void => rmSync(join(directory, FILLER), { force: true }),
    close(): void {
      // Not before the last that has a file open there is gone.
      execFileSync('umount', ['--lazy', directory]);
      rmdirSync(directory);
    },
  };
}
