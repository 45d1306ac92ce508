import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** A file that the server hands out as it is, to GET and HEAD. */
export interface PageFile {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  /** The body as gzip, for whoever takes it; packed once. */
  readonly packed?: Uint8Array
}

/** Nothing of the page may come from elsewhere, run inline or be framed; Mantine's styles are in the file of styles. A picture that was answered is shown from memory (`blob:`). */
export const pageHeaders: Readonly<Record<string, string>> = Object.freeze({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
}

/** Bytes below which packing saves nothing. */
const smallest = 1_000

const built = fileURLToPath(new URL('../../web/dist/', import.meta.url))

/** The explorer's built files by their whole path: `/explorer`, `/explorer/assets/…`. */
export function explorerPages(folder: string = built): ReadonlyMap<string, PageFile> {
  const names = list(folder)
  if (!names.includes('index.html')) return new Map([['/explorer', notBuilt()]])
  const files = names.map((name) => [pathOf(name), pageFile(folder, name)] as const)
  return new Map(files)
}

/** The file as this client takes it. `accepts` is its `Accept-Encoding`. */
export function handOut(file: PageFile, accepts: unknown): Pick<PageFile, 'body' | 'headers'> {
  if (file.packed === undefined) return file
  const vary = { ...file.headers, vary: 'accept-encoding' }
  const takesGzip = typeof accepts === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0+)?(?:,|$))/.test(accepts)
  return takesGzip
    ? { body: file.packed, headers: { ...vary, 'content-encoding': 'gzip' } }
    : { body: file.body, headers: vary }
}

function pathOf(name: string): string {
  return name === 'index.html' ? '/explorer' : posix.join('/explorer', name.split(sep).join('/'))
}

/** The names of assets hold a hash of what is in them; the page itself must be asked for each time. */
function pageFile(folder: string, name: string): PageFile {
  const cache = name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache'
  const type = types[extname(name)] ?? 'application/octet-stream'
  const body = readFileSync(join(folder, name))
  return {
    body,
    headers: { ...pageHeaders, 'content-type': type, 'cache-control': cache },
    ...(body.byteLength > smallest ? { packed: gzipSync(body) } : {}),
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
