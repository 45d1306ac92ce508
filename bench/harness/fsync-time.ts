import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { median } from './compare.ts'

/** µs that the disk of a database takes to keep a small write for good: what a commit costs at least. */
export function fsyncTime(file: string): number {
  const probe = join(dirname(file), 'fsync-time.bin')
  const handle = openSync(probe, 'w')
  const page = Buffer.alloc(16_384, 1)
  const times = Array.from({ length: 50 }, (_, index) => {
    writeSync(handle, page, 0, page.length, index * page.length)
    const started = performance.now()
    fdatasyncSync(handle)
    return (performance.now() - started) * 1_000
  })
  closeSync(handle)
  rmSync(probe)
  return median(times)
}
