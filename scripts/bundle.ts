/**
 * Part of `prepare`: puts Postern and what it opens at every start into a few files in dist, because opening some nine hundred
 * is most of a start; and Kysely's 255 into one for the sources that run as they are. Without the bundler (`--omit=dev`) a
 * checkout does without both.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const vendor = join(root, 'vendor')

/** What every start opens. All else is opened where it lies, when it is needed. */
const opened = ['cookie', 'fastify', 'kysely', 'pino', 'rou3', 'zod']

for (const folder of [dist, vendor]) rmSync(folder, { recursive: true, force: true })
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
    plugins: [{ name: 'plain-kysely', resolveId: (wanted) => (wanted.endsWith('/kysely.ts') ? kysely : undefined) }],
    external: (wanted, importer) => isPackage(wanted) && isOurs(importer) && !opened.includes(wanted),
    output: { dir: dist, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' },
  })
  await bundler.build({
    input: kysely,
    platform: 'node',
    logLevel: 'warn',
    output: { file: join(vendor, 'kysely.js') },
  })
}

function isPackage(wanted: string): boolean {
  return !/^(?:\.|\/|[A-Za-z]:\\)/.test(wanted)
}

function isOurs(importer: string | undefined): boolean {
  return importer?.startsWith(join(root, 'src')) === true
}
