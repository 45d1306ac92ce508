import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openHouse, type OpenHouse } from '../app.ts'
import { findConfig } from '../config/config-file.ts'
import type { Settings } from '../config/settings.ts'
import { Observer, type Sink } from '../observe/observer.ts'
import type { Observation } from '../observe/observation.ts'
import type { Given } from './command.ts'
import { settingFlags } from './common-options.ts'
import { UsageError } from './usage-error.ts'

export interface Opened {
  readonly root: string
  readonly house: OpenHouse
  readonly observer: Observer
}

interface Opening {
  readonly mode: 'dev' | 'start' | 'command'
  /** Made when the settings are known; what was noted before is told to it then. */
  readonly sinks?: (settings: Settings) => readonly Sink[]
  readonly flags?: Readonly<Record<string, string>>
  /** The database's types are left as they are, and nothing is refused because of them. */
  readonly leaveTypes?: boolean
}

/** The folder of the site that the line names, or the one we stand in. */
export function siteFolder(given: Given): string {
  const root = resolve(given.text('site') ?? '.')
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new UsageError(`There is no folder ${root}.`)
  if (!looksLikeSite(root))
    throw new UsageError(
      `${root} is no site: it has neither postern.config.ts nor api/, modules/, types/ or addons/. "postern new <folder>" makes one.`,
    )
  return root
}

export async function openSite(
  given: Given,
  { mode, sinks = () => [], flags = {}, leaveTypes = false }: Opening,
): Promise<Opened> {
  const root = siteFolder(given)
  const held: Observation[] = []
  const observer = new Observer()
  const release = observer.add({ note: (seen) => void held.push(seen) })
  const options = { root, env: process.env, flags: { ...settingFlags(given), ...flags }, mode, observer, leaveTypes }
  const house = await openHouse(options)
  release()
  for (const sink of sinks(house.settings)) {
    observer.add(sink)
    for (const seen of held) sink.note(seen)
  }
  return { root, house, observer }
}

/** For commands that open a site, do one thing and end. */
export async function withSite<T>(
  given: Given,
  work: (opened: Opened) => Promise<T>,
  opening: Pick<Opening, 'leaveTypes'> = {},
): Promise<T> {
  const opened = await openSite(given, { mode: 'command', ...opening })
  try {
    return await work(opened)
  } finally {
    await opened.house.close(1_000)
  }
}

function looksLikeSite(root: string): boolean {
  return (
    findConfig(root) !== undefined || ['api', 'modules', 'types', 'addons'].some((room) => existsSync(join(root, room)))
  )
}
