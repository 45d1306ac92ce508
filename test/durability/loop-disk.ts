/** A disk of one's own: an ext4 file system in a file, whose state at any moment can be kept as a power cut would leave it. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { run } from './run.ts'

export interface LoopDisk extends Disposable {
  readonly folder: string
  /** Puts all on the disk that the kernel holds back now. */
  readonly flush: () => void
  /** Mounts a copy of what had reached the disk by now; what the kernel still held back is lost in it. */
  readonly afterPowerCut: () => { readonly folder: string } & Disposable
}

/**
 * Needs root and loop devices; throws where they are missing. While a copy is made nothing may be written: those who write
 * are to be stopped before, and the kernel writes nothing by itself for five minutes.
 */
export function makeLoopDisk(megabytes: number): LoopDisk {
  const place = mkdtempSync(join(tmpdir(), 'postern-disk-'))
  // A server may run as somebody else.
  chmodSync(place, 0o755)
  const image = join(place, 'disk.img')
  run('truncate', ['-s', `${megabytes}M`, image])
  run('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image])
  const disk = mounted(image, join(place, 'disk'))
  let cuts = 0
  return {
    folder: disk.folder,
    flush: () => void run('sync', ['-f', disk.folder]),
    afterPowerCut: () => {
      const copy = join(place, `cut-${cuts++}.img`)
      copyUnwritten(image, copy, disk.device)
      const cut = mounted(copy, copy.replace('.img', ''))
      return {
        folder: cut.folder,
        [Symbol.dispose]: () => {
          cut[Symbol.dispose]()
          rmSync(copy)
        },
      }
    },
    [Symbol.dispose]: () => {
      disk[Symbol.dispose]()
      rmSync(place, { recursive: true, force: true })
    },
  }
}

function mounted(image: string, folder: string): { readonly folder: string; readonly device: string } & Disposable {
  mkdirSync(folder)
  const device = run('losetup', ['-f', '--show', image]).trim()
  run('mount', ['-o', 'commit=300', device, folder])
  chmodSync(folder, 0o755)
  return {
    folder,
    device,
    [Symbol.dispose]: () => {
      run('umount', [folder])
      run('losetup', ['-d', device])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The copy counts only where nothing was written while it was made. */
function copyUnwritten(image: string, copy: string, device: string): void {
  for (let attempt = 0; attempt < 10; attempt++) {
    const before = writesOf(device)
    run('cp', ['--sparse=always', image, copy])
    if (writesOf(device) === before) return
  }
  throw new Error('Something kept writing to the disk')
}

/** The fifth and seventh number count what was written. */
function writesOf(device: string): string {
  const fields = readFileSync(`/sys/block/${basename(device)}/stat`, 'utf8')
    .trim()
    .split(/\s+/)
  return `${fields[4]} ${fields[6]}`
}
