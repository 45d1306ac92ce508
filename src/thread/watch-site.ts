import { relative, sep } from 'node:path'
import { watch } from 'chokidar'

export interface WatchOptions {
  /** The site's folder, absolute. */
  readonly root: string
  /** Folders and files below it that are not the site's code: its data, and what is written from it. Absolute. */
  readonly apart: readonly string[]
  /** Files relative to the site (those of a package may begin with `../`), once each; never called again before the last call has resolved. */
  readonly changed: (files: readonly string[]) => Promise<void>
}

/** ms to wait for more: editors write a file in several steps, and a checkout changes many. */
const pause = 15

/** A site's files, followed. */
export interface SiteWatch {
  /** Resolves when a change of the site's own files is seen. */
  readonly ready: Promise<void>
  /** From now on also these folders, and no others beside the site. Absolute. Resolves when a change in them is seen. */
  readonly follow: (folders: readonly string[]) => Promise<void>
  readonly end: () => Promise<void>
}

export function watchSite({ root, apart, changed }: WatchOptions): SiteWatch {
  const batch = new Batch(changed)
  const add = (path: string): void => batch.add(relative(root, path).split(sep).join('/'))
  const own = watchFolder(root, new Set(apart), add)
  const packages = new Map<string, FolderWatch>()
  return {
    ready: own.ready,
    follow: async (folders) => {
      const wanted = new Set(folders.filter((folder) => !holds(folder, root)))
      const dropped = [...packages].filter(([folder]) => !wanted.has(folder))
      for (const [folder] of dropped) packages.delete(folder)
      for (const folder of wanted)
        if (!packages.has(folder)) packages.set(folder, watchFolder(folder, new Set(apart), add))
      await Promise.all([
        ...dropped.map(([, watch]) => watch.end()),
        ...[...packages.values()].map(({ ready }) => ready),
      ])
    },
    end: async () => {
      batch.end()
      await Promise.all([own, ...packages.values()].map((watch) => watch.end()))
    },
  }
}

interface FolderWatch {
  readonly ready: Promise<void>
  readonly end: () => Promise<void>
}

function watchFolder(folder: string, apart: ReadonlySet<string>, changed: (path: string) => void): FolderWatch {
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path) => apart.has(path) || isIgnored(relative(folder, path)),
  })
  watcher.on('all', (event, path) => {
    if (event !== 'addDir' && isCode(path)) changed(path)
  })
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  watcher.once('ready', resolve)
  return { ready, end: () => watcher.close() }
}

/** The site lies in it: a package that names itself. */
function holds(folder: string, root: string): boolean {
  return `${root}${sep}`.startsWith(`${folder}${sep}`)
}

/** Gathers files until nothing has changed for a moment and the last batch is dealt with. */
class Batch {
  readonly #changed: WatchOptions['changed']
  #files = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #busy = false
  #ended = false

  constructor(changed: WatchOptions['changed']) {
    this.#changed = changed
  }

  add(file: string): void {
    this.#files.add(file)
    clearTimeout(this.#timer)
    if (!this.#busy && !this.#ended) this.#timer = setTimeout(() => void this.#send(), pause)
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }

  async #send(): Promise<void> {
    const files = [...this.#files].sort()
    this.#files.clear()
    this.#busy = true
    try {
      await this.#changed(files)
    } finally {
      this.#busy = false
      if (this.#files.size > 0 && !this.#ended) void this.#send()
    }
  }
}

function isIgnored(path: string): boolean {
  return path !== '' && path.split(sep).some((part) => part === 'node_modules' || part.startsWith('.'))
}

/** Whatever may be imported or read while a site loads; a folder has no ending and may have been taken away whole. */
function isCode(path: string): boolean {
  return /(?:\.(?:[cm]?[jt]s|json)|\/[^./]+)$/.test(path.split(sep).join('/'))
}
