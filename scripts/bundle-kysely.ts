/**
 * Part of `prepare`: puts Kysely's 255 files into one, vendor/kysely.js, because opening them is a quarter of a start. Without
 * the bundler (`--omit=dev`) there is no such file, and src/store/kysely.ts takes the package as it is.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname, '..')
const file = join(root, 'vendor', 'kysely.js')
rmSync(file, { force: true })
const bundler = await import('rolldown').catch(() => undefined)
if (bundler === undefined)
  console.log('Kysely was not bundled: the bundler is not installed. Starts take a little longer.')
else {
  const input = fileURLToPath(import.meta.resolve('kysely'))
  await bundler.build({ input, platform: 'node', logLevel: 'warn', output: { file, format: 'esm' } })
}
