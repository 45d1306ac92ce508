import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Takes away what was bundled before. Declarations stay: `npm pack` runs `prepack`, which writes them, before `prepare`,
 * which bundles again.
 */
export function clearBuilt(folder: string): void {
  for (const entry of filesOf(folder)) if (!entry.endsWith('.d.ts')) rmSync(join(folder, entry), { force: true })
}

function filesOf(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch {
    return []
  }
}
