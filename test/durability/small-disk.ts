import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'

/** A small file system in memory, for filling up. */
export interface SmallDisk extends Disposable {
  readonly folder: string
  readonly resize: (kilobytes: number) => void
  /** Takes all but so many kilobytes. */
  readonly leaveFree: (kilobytes: number) => void
}

/** Needs the right to mount; throws where that is missing. */
export function makeSmallDisk(kilobytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'postern-small-'))
  try {
    run('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=0755`, 'tmpfs', folder])
  } catch (thrown) {
    rmSync(folder, { recursive: true })
    throw thrown
  }
  return {
    folder,
    resize: (size) => void run('mount', ['-o', `remount,size=${size}k`, folder]),
    leaveFree: (free) => {
      const { bavail, bsize } = statfsSync(folder)
      const length = bavail * bsize - free * 1024
      if (length > 0) run('fallocate', ['-l', String(length), join(folder, 'ballast')])
    },
    [Symbol.dispose]: () => {
      run('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
