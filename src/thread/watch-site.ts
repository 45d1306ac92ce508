import { relative, sep } from 'node:path'
import { watch } from 'chokidar'

export interface WatchOptions {
  /** The site's folder, absolute. */
  readonly root: string
  /** Folders below it that are not the site's code: its data. Absolute. */
  readonly apart: readonly string[]
  /** Files relative to the site, once each; never called again before the last call has resolved. */
  readonly changed: (files: readonly string[]) => Promise<void>
}

/** ms to wait for more: editors write a file in several steps, and a checkout changes many. */
const pause = 15

/** Follows a site's files. Resolves when it watches; what it resolves to ends it. */
export async function watchSite(options: WatchOptions): Promise<() => Promise<void>> {
  const { root } = options
  const apart = new Set(options.apart)
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path) => apart.has(path) || isIgnored(relative(root, path)),
  })
  const batch = new Batch(options.changed)
  watcher.on('all', (event, path) => {
    if (event !== 'addDir' && isCode(path)) batch.add(relative(root, path).split(sep).join('/'))
  })
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve)
  })
  return async () => {
    batch.end()
    await watcher.close()
  }
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
