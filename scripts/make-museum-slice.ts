/**
 * `node scripts/make-museum-slice.ts <folder>`: picks about 3,000 artworks, all their artists and all their subjects up to
 * the root out of a folder with the whole museum, and writes them to examples/museum/collection. The same folder always
 * gives the same bytes: rules choose, in the order of ids, and nothing is left to chance.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'

const contributor = z.looseObject({ artist: z.number(), role: z.string() })
const artwork = z.looseObject({
  id: z.number(),
  title: z.string(),
  classification: z.string().nullable(),
  startYear: z.unknown(),
  endYear: z.number().nullable(),
  width: z.string().nullable(),
  contributors: z.array(contributor),
  subjects: z.array(z.number()),
})
const artist = z.looseObject({ id: z.number() })
const subject = z.looseObject({ id: z.number(), parent: z.number().nullable() })

type Artwork = z.output<typeof artwork>
type Subject = z.output<typeof subject>

const wanted = 3_000
const rareRole = 20
/** How many works of one artist are enough, by kind: many paintings, and some of the tens of thousands of sheets. */
const perArtist = { painting: 40, other: 4 }

const folder = process.argv[2]
if (folder === undefined) {
  console.error('Usage: node scripts/make-museum-slice.ts <folder with artworks, artists and subjects as .ndjson.gz>')
  process.exit(1)
}
const target = join(import.meta.dirname, '..', 'examples', 'museum', 'collection')
mkdirSync(target, { recursive: true })
const artists = readAll('artists', artist)
const works = chooseWorks(readAll('artworks', artwork), new Set(artists.map((row) => row.id)))
const subjects = withAncestors(works, readAll('subjects', subject))
const named = new Set(works.flatMap((work) => work.contributors.map((one) => one.artist)))
write('artworks', works)
write(
  'artists',
  artists.filter((row) => named.has(row.id)),
)
write('subjects', subjects)

function readAll<T extends { id: number }>(name: string, schema: z.ZodType<T>): T[] {
  const lines = gunzipSync(readFileSync(join(folder ?? '', `${name}.ndjson.gz`)))
    .toString('utf8')
    .split('\n')
  const rows = lines.filter((line) => line !== '').map((line) => schema.parse(JSON.parse(line)))
  return rows.toSorted((a, b) => a.id - b.id)
}

/** What is odd comes first, so that it is never crowded out; then the paintings of the most painted; then a bit of everyone. */
function chooseWorks(all: readonly Artwork[], knownArtists: ReadonlySet<number>): Artwork[] {
  const roles = countBy(all.flatMap((work) => work.contributors.map((one) => one.role)))
  const painted = countBy(all.filter(isPainting).flatMap((work) => work.contributors.map((one) => one.artist)))
  const byFame = all.toSorted((a, b) => fame(painted, b) - fame(painted, a) || a.id - b.id)
  const chosen = new Set<Artwork>()
  const perMaker = new Map<string, number>()
  for (const work of all) if (isOdd(work, knownArtists, roles)) chosen.add(work)
  for (const kind of [isPainting, (work: Artwork) => !isPainting(work)]) {
    for (const work of byFame.filter(kind)) {
      if (chosen.size >= wanted || (kind === isPainting && chosen.size >= wanted * 0.75)) break
      const maker = `${work.contributors[0]?.artist} ${isPainting(work)}`
      const had = perMaker.get(maker) ?? 0
      if (had >= (isPainting(work) ? perArtist.painting : perArtist.other)) continue
      perMaker.set(maker, had + 1)
      chosen.add(work)
    }
  }
  return [...chosen].toSorted((a, b) => a.id - b.id)
}

function isPainting(work: Artwork): boolean {
  return work.classification === 'painting'
}

/** Several hands, an unusual role, an artist that the catalogue lacks, a value of another kind than its neighbours'. */
function isOdd(work: Artwork, knownArtists: ReadonlySet<number>, roles: ReadonlyMap<string, number>): boolean {
  return (
    work.contributors.length > 1 ||
    work.contributors.some((one) => !knownArtists.has(one.artist) || (roles.get(one.role) ?? 0) <= rareRole) ||
    typeof work.startYear === 'string' ||
    (typeof work.startYear === 'number' && work.endYear !== null && work.endYear < work.startYear) ||
    (work.width !== null && Number.isNaN(Number(work.width))) ||
    /[<>\\\u0250-\uffff]/.test(work.title.replace(/[‘’“”–…]/g, ''))
  )
}

function fame(painted: ReadonlyMap<number, number>, work: Artwork): number {
  return painted.get(work.contributors[0]?.artist ?? -1) ?? 0
}

function withAncestors(chosen: readonly Artwork[], all: readonly Subject[]): Subject[] {
  const byId = new Map(all.map((row) => [row.id, row]))
  const kept = new Set<number>()
  for (const id of chosen.flatMap((work) => work.subjects)) {
    for (let at = byId.get(id); at !== undefined && !kept.has(at.id); at = byId.get(at.parent ?? -1)) kept.add(at.id)
  }
  return all.filter((row) => kept.has(row.id))
}

function countBy<K>(keys: readonly K[]): Map<K, number> {
  const counts = new Map<K, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

function write(name: string, rows: readonly unknown[]): void {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const packed = gzipSync(text, { level: 9 })
  writeFileSync(join(target, `${name}.ndjson.gz`), packed)
  console.log(`${name}: ${rows.length} lines, ${Math.ceil(packed.length / 1024)} kB`)
}
