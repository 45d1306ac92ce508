import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file that the server hands out as it is, to GET and HEAD. */
export interface PageFile {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** Nothing of the page may come from elsewhere, run inline or be framed; Mantine's styles are in the file of styles. */
export const pageHeaders: Readonly<Record<string, string>> = Object.freeze({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
}

const built = fileURLToPath(new URL('../../web/dist/', import.meta.url))

/** The explorer's built files by their whole path: `/explorer`, `/explorer/assets/…`. */
export function explorerPages(folder: string = built): ReadonlyMap<string, PageFile> {
  const names = list(folder)
  if (!names.includes('index.html')) return new Map([['/explorer', notBuilt()]])
  const files = names.map((name) => [pathOf(name), pageFile(folder, name)] as const)
  return new Map(files)
}

function pathOf(name: string): string {
  return name === 'index.html' ? '/explorer' : posix.join('/explorer', name.split(sep).join('/'))
}

/** The names of assets hold a hash of what is in them; the page itself must be asked for each time. */
function pageFile(folder: string, name: string): PageFile {
  const cache = name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache'
  const type = types[extname(name)] ?? 'application/octet-stream'
  return {
    body: readFileSync(join(folder, name)),
    headers: { ...pageHeaders, 'content-type': type, 'cache-control': cache },
  }
}

function notBuilt(): PageFile {
  const text = 'The explorer was not built: run `npm run build:web` in the folder of Postern.\n'
  return {
    body: Buffer.from(text),
    headers: { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' },
  }
}

function list(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw thrown
  }
}
