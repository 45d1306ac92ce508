import { join, sep } from 'node:path'
import { rolesIn } from '../describe/access-matrix.ts'
import type { ExplorerTools, People } from '../describe/ports.ts'
import type { ActingCallers } from './acting-callers.ts'
import { callerFor, explainRequest, type Judging } from './explain-request.ts'
import { editorOf } from './open-editor.ts'
import { writeSiteFile } from './write-site-file.ts'

export interface ToolsOptions extends Judging {
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly acting: ActingCallers
}

/** What the explorer can do in development, at the machine of whoever writes the site. */
export function explorerTools(options: ToolsOptions): Partial<ExplorerTools> {
  const { root, env, acting } = options
  const openEditor = editorOf(env)
  return {
    people: () => people(options),
    actAs: async (as) => ({ token: acting.lend(await callerFor(options, as)) }),
    why: (asked) => explainRequest(options, asked),
    writeFile: async (file, text) => writeSiteFile(root, file, text),
    ...(openEditor
      ? { openEditor: async (file, line) => openInside(root, file, (path) => openEditor(path, line ?? 1)) }
      : {}),
  }
}

const shown = 100

async function people({ accounts, serving }: Judging): Promise<People> {
  const users = await accounts.listUsers({ limit: shown, after: 0 })
  const tokens = await accounts.listTokens({})
  const named = serving().registry.endpoints.flatMap(({ rule }) => rolesIn(rule))
  const declared = Object.keys(serving().settings.accounts.roles ?? {})
  return {
    users: users.map(({ name, roles }) => ({ name, roles })),
    roles: [...new Set(['admin', ...declared, ...named, ...users.flatMap(({ roles }) => roles)])].toSorted(),
    tokens: tokens.slice(0, shown).map(({ id, name }) => ({ id, name })),
  }
}

/** An addon of a package may lie outside the site; the editor is not for it. */
function openInside(root: string, file: string, open: (path: string) => void): void {
  const path = join(root, file)
  if (path.startsWith(root + sep)) open(path)
}
