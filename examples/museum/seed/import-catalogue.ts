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
  await importAll(importing, { type: 'artist', lines: catalogue.artists(), fields: artistFields })
  await importAll(importing, { type: 'subject', lines: catalogue.subjects(), fields: subjectFields })
  await importAll(importing, { type: 'artwork', lines: catalogue.artworks(), fields: artworkFields })
}

interface Kind<Line> {
  readonly type: string
  readonly lines: AsyncIterable<Line>
  readonly fields: (line: Line) => Fields
}

async function importAll<Line extends { readonly id: number }>(importing: Importing, kind: Kind<Line>): Promise<Ids> {
  const shown = importing.progress(`${kind.type}s`)
  const ids: Ids = new Map()
  for await (const lines of batches(kind.lines)) {
    const fresh = [...new Map(lines.map((line) => [line.id, line])).values()].filter((line) => !ids.has(line.id))
    const items = fresh.map((line) => ({ type: kind.type, fields: kind.fields(line) }))
    const made = (await importing.content.perform('objects.create', { items })) as readonly StoredObject[]
    for (const [index, line] of fresh.entries()) ids.set(line.id, made[index]?.id ?? 0)
    shown.tick(lines.length)
  }
  shown.done()
  return ids
}

async function* batches<T>(lines: AsyncIterable<T>): AsyncGenerator<T[]> {
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
