import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'

const year = z.union([z.number(), z.string(), z.null()])

const artistLine = z.object({
  id: z.number(),
  name: z.string(),
  sortName: z.string(),
  gender: z.string().nullable(),
  dates: z.string().nullable(),
  birthYear: z.number().nullable(),
  deathYear: z.number().nullable(),
  birthPlace: z.string().nullable(),
  deathPlace: z.string().nullable(),
  movements: z.array(z.object({ name: z.string(), era: z.string().nullable() })),
})

const subjectLine = z.object({ id: z.number(), name: z.string(), parent: z.number().nullable() })

const artworkLine = z.object({
  id: z.number(),
  accession: z.string(),
  title: z.string(),
  medium: z.string().nullable(),
  classification: z.string().nullable(),
  dateText: z.string().nullable(),
  startYear: year,
  endYear: year,
  acquisitionYear: year,
  creditLine: z.string().nullable(),
  inscription: z.string().nullable(),
  dimensions: z.string().nullable(),
  width: z.string().nullable(),
  height: z.string().nullable(),
  depth: z.string().nullable(),
  units: z.string(),
  group: z.string().nullable(),
  contributors: z.array(z.object({ artist: z.number(), role: z.string(), order: z.number() })),
  subjects: z.array(z.number()),
})

export type ArtistLine = z.output<typeof artistLine>
export type SubjectLine = z.output<typeof subjectLine>
export type ArtworkLine = z.output<typeof artworkLine>

/** The three files of a catalogue, each read line by line as it is asked for. */
export interface Catalogue {
  readonly artists: () => AsyncGenerator<ArtistLine>
  readonly subjects: () => AsyncGenerator<SubjectLine>
  readonly artworks: () => AsyncGenerator<ArtworkLine>
}

export function readCatalogue(folder: string): Catalogue {
  return {
    artists: () => lines(join(folder, 'artists.ndjson.gz'), artistLine),
    subjects: () => lines(join(folder, 'subjects.ndjson.gz'), subjectLine),
    artworks: () => lines(join(folder, 'artworks.ndjson.gz'), artworkLine),
  }
}

async function* lines<T>(file: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  const input = createReadStream(file).pipe(createGunzip())
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line !== '') yield schema.parse(JSON.parse(line))
  }
}
