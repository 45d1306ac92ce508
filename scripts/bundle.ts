/**
 * Part of `prepare`: puts Postern and what it opens at every start into a few files in dist, because opening some nine hundred
 * is most of a start; and Kysely's 255 into one for the sources that run as they are. Without the bundler (`--omit=dev`) a
 * checkout does without both.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'rolldown'
import { clearBuilt } from './clear-built.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const vendor = join(root, 'vendor')

/** What every start opens. All else is opened where it lies, when it is needed. */
const opened = ['cookie', 'fastify', 'kysely', 'pino', 'rou3', 'zod']

/**
 * V8 keeps a source in one byte a character, or in two where a single one of them asks for it: 4 MB more in each thread. Written
 * as escapes they mean the same wherever a program may have them, but for raw templates, of which none has any.
 */
const oneByte: Plugin = {
  name: 'one-byte',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = inOneByte(chunk.code)
  },
}

for (const folder of [dist, vendor]) clearBuilt(folder)
const bundler = await import('rolldown').catch(() => undefined)
if (bundler === undefined)
  console.log('Postern was not bundled: the bundler is not installed. Starts take a little longer.')
else {
  const kysely = fileURLToPath(import.meta.resolve('kysely'))
  await bundler.build({
    cwd: root,
    // Named like the files of src, and every chunk lies one folder deep as they do: a path from one to another holds in both.
    input: {
      index: 'src/index.ts',
      'cli/main': 'src/cli/main.ts',
      'client/index': 'src/client/index.ts',
      'testing/index': 'src/testing/index.ts',
      'thread/entry': 'src/thread/entry.ts',
      'accounts/hash-worker': 'src/accounts/hash-worker.ts',
      zod: 'zod',
    },
    platform: 'node',
    logLevel: 'warn',
    plugins: [
      { name: 'plain-kysely', resolveId: (wanted) => (wanted.endsWith('/kysely.ts') ? kysely : undefined) },
      oneByte,
    ],
    external: (wanted, importer) => isPackage(wanted) && isOurs(importer) && !opened.includes(wanted),
    output: { dir: dist, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' },
  })
  await bundler.build({
    input: kysely,
    platform: 'node',
    logLevel: 'warn',
    plugins: [oneByte],
    output: { file: join(vendor, 'kysely.js') },
  })
}

function inOneByte(code: string): string {
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function isPackage(wanted: string): boolean {
  return !/^(?:\.|\/|[A-Za-z]:\\)/.test(wanted)
}

function isOurs(importer: string | undefined): boolean {
  return importer?.startsWith(join(root, 'src')) === true
}
