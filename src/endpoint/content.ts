/**
 * Content as a handler meets it: the same operations as the built-in endpoints, with the same names, rules and hooks.
 * Everything takes and gives plain data, because reads run in the site's thread and writes go to the one writer.
 */
export interface Content {
  readonly list: (type: string, query?: ListQuery) => Promise<Page>
  /** The object, or `null` where there is none that this caller may see. */
  readonly read: (type: string, idOrSlug: number | string, query?: ReadQuery) => Promise<StoredObject | null>
  readonly create: (type: string, fields: Fields) => Promise<StoredObject>
  /** With `version` among the changes: refused (STALE) unless the object still has it. */
  readonly update: (type: string, id: number, changes: Fields) => Promise<StoredObject>
  readonly trash: (type: string, id: number) => Promise<void>
  /** Any other content operation by its name (`objects.purge`, `relations.add`, …); the content room says which there are. */
  readonly perform: (operation: string, input: Fields) => Promise<unknown>
}

export type Fields = Readonly<Record<string, unknown>>

/** An object as it goes over the wire: snake_case names, dates in ISO 8601 UTC. */
export interface StoredObject extends Fields {
  readonly id: number
  readonly object_type: string
}

/** The names of the query string, without their brackets: `{ filter: { name: 'Tom' }, sort: '-created', page_size: 20 }`. */
export interface ListQuery extends ReadQuery {
  readonly filter?: Fields
  readonly sort?: string
  readonly page?: number
  readonly page_size?: number
  readonly cursor?: string
  readonly count?: 'exact'
}

export interface ReadQuery {
  readonly fields?: string
  readonly lang?: string
  readonly embed?: Fields
}

export interface Page {
  readonly data: readonly StoredObject[]
  readonly paging: Paging
}

export interface Paging {
  readonly page: number
  readonly page_size: number
  readonly page_items: number
  readonly total: number
  readonly total_is: 'exact' | 'at_least'
  readonly next: string | null
}
