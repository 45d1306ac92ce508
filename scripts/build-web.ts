/**
 * `npm run build:web`, and `prepare` after an install: builds the explorer's page into web/dist. An install without the
 * tools for building (`--omit=dev`) goes on without it, because a server does not need the page.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')

if (existsSync(vite)) {
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'web'),
    stdio: 'inherit',
  })
  process.exit(built.status ?? 1)
}
console.log('The explorer was not built: its tools are not installed.')
