import { PosternError } from '../../errors/postern-error.ts'
import type { Actor } from '../actor.ts'
import { isNamedValues } from '../named-values.ts'
import type { Input } from '../parts.ts'
import type { ContentRoom } from '../room.ts'
import type { Find } from './find.ts'

/** Ties that wait for what they lead to. */
export interface Left {
  /** References by their fields: the slugs that they name. */
  readonly fields: Record<string, string>
  readonly parents: Input[]
  readonly relations: Record<string, Input[]>
}

export interface ResolvedTies {
  readonly fields: Input
  readonly left: Left
}

/** What waits of one line. */
export interface Pending extends Left {
  readonly id: number
  readonly line: number
}

/** Ties that name others by slug: made ids where they are there already, else kept until everything is. */
export class PendingTies {
  readonly #room: Pick<ContentRoom, 'perform'>
  readonly #actor: Actor
  readonly #find: Find
  readonly #references: readonly string[]
  readonly #pending: Pending[] = []

  constructor(
    { room, type }: { room: Pick<ContentRoom, 'perform' | 'types'>; type: string },
    actor: Actor,
    find: Find,
  ) {
    this.#room = room
    this.#actor = actor
    this.#find = find
    const { fields } = room.types.named(type)
    this.#references = Object.keys(fields).filter((name) => fields[name]?.kind === 'reference')
  }

  /** The fields with ids for slugs, and apart from them the ties to what is not there yet. */
  async resolved(given: Input): Promise<ResolvedTies> {
    const { parents, relations, ...fields } = given
    const made: Record<string, unknown> = { ...fields }
    const left: Left = { fields: {}, parents: [], relations: {} }
    for (const name of this.#references) {
      const slug = slugOf(fields[name])
      if (slug === undefined) continue
      const id = await this.#find('objects', 'slug', slug)
      made[name] = id
      if (id === undefined) left.fields[name] = slug
    }
    if (Array.isArray(parents)) made['parents'] = await this.#split(parents, left.parents)
    if (isNamedValues(relations)) made['relations'] = await this.#splitAll(relations, left)
    return { fields: made, left }
  }

  remember(pending: Pending): void {
    if (!isEmpty(pending)) this.#pending.push(pending)
  }

  /** Ties what was left; yields what cannot be. */
  async tieAll(): Promise<{ line: number; reason: string }[]> {
    const failed: { line: number; reason: string }[] = []
    for (const { id, line, fields, parents, relations } of this.#pending) {
      for (const [name, slug] of Object.entries(fields))
        await this.#tie({ line, failed, link: { slug } }, (found) =>
          this.#room.perform('objects.update', { id, changes: { [name]: found } }, this.#actor),
        )
      for (const parent of parents)
        await this.#tie({ line, failed, link: parent }, (found, link) =>
          this.#room.perform('tree.add', { id: found, items: [{ ...link, id }] }, this.#actor),
        )
      for (const [name, links] of Object.entries(relations)) {
        for (const link of links)
          await this.#tie({ line, failed, link }, (found, rest) =>
            this.#room.perform('relations.add', { id, name, items: [{ ...rest, id: found }] }, this.#actor),
          )
      }
    }
    return failed
  }

  async #splitAll(relations: Input, left: Left): Promise<Input> {
    const known: Record<string, unknown> = {}
    for (const [name, links] of Object.entries(relations)) {
      const later: Input[] = []
      known[name] = Array.isArray(links) ? await this.#split(links, later) : links
      left.relations[name] = later
    }
    return known
  }

  async #split(links: readonly unknown[], left: Input[]): Promise<unknown[]> {
    const made: unknown[] = []
    for (const link of links) {
      const slug = slugOf(link)
      const rest = isNamedValues(link) ? link : {}
      const id = slug === undefined ? undefined : await this.#find('objects', 'slug', slug)
      const { slug: _slug, ...others } = rest
      if (slug === undefined) made.push(link)
      else if (id === undefined) left.push({ ...others, slug })
      else made.push({ ...others, id })
    }
    return made
  }

  async #tie(
    tie: { line: number; failed: { line: number; reason: string }[]; link: Input },
    work: (id: number, link: Input) => Promise<unknown>,
  ): Promise<void> {
    const { slug, ...rest } = tie.link
    try {
      const id = await this.#find('objects', 'slug', String(slug))
      if (id === undefined) throw new Error(`names ${JSON.stringify(slug)}, which is not there`)
      await work(id, rest)
    } catch (thrown) {
      if (!isOfInput(thrown)) throw thrown
      tie.failed.push({ line: tie.line, reason: thrown instanceof Error ? thrown.message : 'could not be tied' })
    }
  }
}

/** The line's fault, or the site's own map's, and not the server's. */
export function isOfInput(thrown: unknown): boolean {
  return !(thrown instanceof PosternError) || (thrown.status < 500 && thrown.status !== 429)
}

/** Whether nothing waits. */
export function isEmpty({ fields, parents, relations }: Left): boolean {
  const lists = [Object.keys(fields), parents, ...Object.values(relations)]
  return lists.every((list) => list.length === 0)
}

/** What is named by its slug: as text, or as `{ slug }`. */
export function slugOf(link: unknown): string | undefined {
  if (typeof link === 'string') return link
  return typeof link === 'object' && link !== null && 'slug' in link && typeof link.slug === 'string'
    ? link.slug
    : undefined
}
