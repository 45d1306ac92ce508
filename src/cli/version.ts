import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version of the package, from its manifest, which lies two folders above both `src/cli` and `dist/cli`. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const found =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined
  return typeof found === 'string' ? found : 'unknown'
}

/** The folder of a clone that Postern runs from; `undefined` where it was installed as a package, which has no sources. */
export function checkout(): string | undefined {
  const folder = fileURLToPath(new URL('../../', import.meta.url))
  return existsSync(join(folder, 'src')) ? folder : undefined
}
