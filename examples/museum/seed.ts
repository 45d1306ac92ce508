import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineSeed } from 'postern'
import { readCatalogue } from './seed/catalogue.ts'
import { importCatalogue } from './seed/import-catalogue.ts'
import { makePeople } from './seed/make-people.ts'

const slice = join(import.meta.dirname, 'collection')

/** Runs once, on an empty database: the catalogue, then people and tokens to try it with. */
export default defineSeed(async (seeding) => {
  const whole = seeding.env['MUSEUM_DATA']
  const folder = whole !== undefined && existsSync(join(whole, 'artworks.ndjson.gz')) ? whole : slice
  await importCatalogue(readCatalogue(folder), seeding)
  await makePeople(seeding)
})
