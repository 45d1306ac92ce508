import { constants, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fill, type Filled } from './fill.ts'
import type { Context } from './suite.ts'

const known = z.object({ objects: z.number(), seconds: z.number(), articles: z.array(z.number()) })

/** Fills the folder; where `--data` names a place to keep filled databases, by a copy of the one that is kept there. */
export async function filledFolder(dataDir: string, objects: number, { say, data }: Context): Promise<Filled> {
  if (data === '') return fill(dataDir, objects, say)
  const folder = join(data, String(objects))
  const facts = join(folder, 'filled.json')
  if (!existsSync(facts)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(facts, JSON.stringify(await fill(folder, objects, say)))
  }
  cpSync(folder, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE })
  return known.parse(JSON.parse(readFileSync(facts, 'utf8')))
}
