import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenHouse } from '../app.ts'
import { importerOf } from '../registry/import-module.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Given } from './command.ts'
import type { Progress, Seed } from './define-seed.ts'
import { importFile } from './import-file.ts'
import { openSite } from './open-site.ts'
import { warn } from './print.ts'
import { showProgress } from './progress.ts'
import { settingsOf } from './settings-of.ts'

/**
 * Runs the site's `seed.ts` where its data folder is new, and returns what it has to say. It fills a folder beside the
 * real one, which takes its place when all is well: a seed that fails or is killed leaves a site that is still new.
 */
export async function seedNewSite(given: Given, root: string): Promise<readonly string[]> {
  const { dataDir, databaseUrl } = await settingsOf(given, root)
  if (databaseUrl !== undefined || !isNew(dataDir)) return []
  const seedling = `${dataDir}.new`
  rmSync(seedling, { recursive: true, force: true })
  warn('This site is new: filling it.')
  const notes = await fill(given, { root, dataDir: seedling })
  if (existsSync(dataDir)) rmdirSync(dataDir)
  renameSync(seedling, dataDir)
  return notes
}

function isNew(dataDir: string): boolean {
  return !existsSync(dataDir) || readdirSync(dataDir).length === 0
}

async function fill(
  given: Given,
  { root, dataDir }: { readonly root: string; readonly dataDir: string },
): Promise<readonly string[]> {
  const { house } = await openSite(given, { mode: 'command', flags: { 'data-dir': dataDir } })
  try {
    const seed = await loadSeed(root)
    const notes: string[] = []
    await seed(seedingFor(house, { root, notes }))
    return notes
  } catch (thrown) {
    await house.close(0)
    rmSync(dataDir, { recursive: true, force: true })
    throw thrown
  } finally {
    await house.close(1_000)
  }
}

async function loadSeed(root: string): Promise<Seed> {
  const { default: seed } = await importerOf(root)(join(root, 'seed.ts'))
  if (typeof seed === 'function') return seed as Seed
  throw new PosternError(
    'BAD_SITE',
    'seed.ts must export a function: export default defineSeed(async (seeding) => { … }).',
    { at: { file: 'seed.ts' } },
  )
}

function seedingFor(
  house: OpenHouse,
  { root, notes }: { readonly root: string; readonly notes: string[] },
): Parameters<Seed>[0] {
  const { content } = house
  const progress = (label: string, total?: number): Progress => showProgress(label, total)
  return {
    env: process.env,
    content,
    accounts: house.accounts,
    importFile: (path, options) => importFile({ root, content, progress }, path, options),
    progress,
    note: (text) => void notes.push(text),
  }
}
