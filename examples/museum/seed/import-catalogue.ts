import type { Content, StoredObject } from 'postern'
import type { ArtistLine, ArtworkLine, Catalogue, SubjectLine } from './catalogue.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Importing {
  readonly content: Content
  readonly progress: (label: string) => { readonly tick: (count?: number) => void; readonly done: () => void }
}

/** Ids of objects by the numbers of the catalogue. */
type Ids = Map<number, number>

/** Objects in one transaction. */
const batchSize = 100

/** Artists and subjects first, because works name them. What the catalogue gives twice is taken once. */
export async function importCatalogue(catalogue: Catalogue, importing: Importing): Promise<void> {
  const artists = await importAll(importing, { type: 'artist', lines: catalogue.artists(), fields: artistFields })
  const subjects = await importSubjects(importing, catalogue)
  await importAll(importing, {
    type: 'artwork',
    lines: catalogue.artworks(),
    fields: (line) => ({ ...artworkFields(line), ...tiesOf(line, artists, subjects) }),
  })
}

interface Kind<Line> {
  readonly type: string
  readonly lines: AsyncIterable<Line> | Iterable<Line>
  readonly fields: (line: Line) => Fields
}

async function importAll<Line extends { readonly id: number }>(importing: Importing, kind: Kind<Line>): Promise<Ids> {
  const shown = importing.progress(`${kind.type}s`)
  const ids = await importLines({ content: importing.content, tick: shown.tick }, kind)
  shown.done()
  return ids
}

interface Shown {
  readonly content: Content
  readonly tick: (count: number) => void
}

async function importLines<Line extends { readonly id: number }>(
  { content, tick }: Shown,
  kind: Kind<Line>,
): Promise<Ids> {
  const ids: Ids = new Map()
  for await (const lines of batches(kind.lines)) {
    const fresh = [...new Map(lines.map((line) => [line.id, line])).values()].filter((line) => !ids.has(line.id))
    if (fresh.length === 0) continue
    const items = fresh.map((line) => ({ type: kind.type, fields: kind.fields(line) }))
    const made = (await content.perform('objects.create', { items })) as readonly StoredObject[]
    for (const [index, line] of fresh.entries()) ids.set(line.id, made[index]?.id ?? 0)
    tick(lines.length)
  }
  return ids
}

/** A parent before its children, whatever the order of the lines. */
async function importSubjects({ content, progress }: Importing, catalogue: Catalogue): Promise<Ids> {
  const shown = progress('subjects')
  const below = new Map<number | null, SubjectLine[]>()
  for await (const line of catalogue.subjects()) below.set(line.parent, [...(below.get(line.parent) ?? []), line])
  const ids: Ids = new Map()
  for (let level = below.get(null) ?? []; level.length > 0; level = level.flatMap((line) => below.get(line.id) ?? [])) {
    const fields = (line: SubjectLine): Fields => ({ ...subjectFields(line), ...parentOf(line, ids) })
    const made = await importLines({ content, tick: shown.tick }, { type: 'subject', lines: level, fields })
    for (const [number, id] of made) ids.set(number, id)
  }
  shown.done()
  return ids
}

function parentOf({ parent }: SubjectLine, ids: Ids): Fields {
  const id = parent === null ? undefined : ids.get(parent)
  return id === undefined ? {} : { parents: [id] }
}

/** Links to the artists, in order and each with a role, and a place in the tree under each subject. What the catalogue lacks is left out. */
function tiesOf(line: ArtworkLine, artists: Ids, subjects: Ids): Fields {
  const hands = line.contributors
    .toSorted((a, b) => a.order - b.order)
    .flatMap(({ artist, role }) => {
      const id = artists.get(artist)
      return id === undefined ? [] : [{ id, params: { role } }]
    })
  const parents = [...new Set(line.subjects)].map((subject) => subjects.get(subject)).filter((id) => id !== undefined)
  return { parents, relations: { artists: [...new Map(hands.map((hand) => [hand.id, hand])).values()] } }
}

async function* batches<T>(lines: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const line of lines) {
    if (batch.push(line) < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function artistFields(line: ArtistLine): Fields {
  return {
    slug: `artist-${line.id}`,
    title: line.name,
    catalogue_id: line.id,
    sort_name: line.sortName,
    gender: line.gender,
    dates: line.dates,
    birth_year: line.birthYear,
    death_year: line.deathYear,
    birth_place: line.birthPlace,
    death_place: line.deathPlace,
    movements: line.movements.map(({ name, era }) => ({ name, era })),
  }
}

function subjectFields(line: SubjectLine): Fields {
  return { slug: `subject-${line.id}`, title: line.name, catalogue_id: line.id }
}

function artworkFields(line: ArtworkLine): Fields {
  return {
    slug: line.accession.toLowerCase(),
    title: line.title,
    catalogue_id: line.id,
    accession: line.accession,
    medium: line.medium,
    classification: line.classification,
    date_text: line.dateText,
    start_year: yearOf(line.startYear),
    end_year: yearOf(line.endYear),
    acquisition_year: yearOf(line.acquisitionYear),
    credit_line: line.creditLine,
    inscription: line.inscription,
    dimensions: line.dimensions,
    width: measureOf(line.width),
    height: measureOf(line.height),
    depth: measureOf(line.depth),
    units: line.units,
    series: line.group,
  }
}

/** `1982`, but also `c.1997-9` and `no date`: the first year that the text names, if it names one. */
function yearOf(value: number | string | null): number | null {
  if (typeof value !== 'string') return value
  const year = /\d{4}/.exec(value)?.[0]
  return year === undefined ? null : Number(year)
}

/** The catalogue writes measures as text, and sometimes a word instead of one. */
function measureOf(value: string | null): number | null {
  const number = Number(value)
  return value === null || value === '' || Number.isNaN(number) ? null : number
}
