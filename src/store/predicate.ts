import type { BoundValue, Comparison } from '../schema/condition.ts'

/**
 * What rows must be like, in columns. A room lowers its conditions to this; the store turns it into SQL. `eq` and `ne`
 * treat null as a value like any other, so that `ne` includes rows without one.
 */
export type Predicate =
  | boolean
  | { readonly all: readonly Predicate[] }
  | { readonly any: readonly Predicate[] }
  | { readonly not: Predicate }
  | ({ readonly is: Comparison; readonly value: BoundValue; readonly unindexed?: Unindexed } & Given)
  /** No values: no row. */
  | ({ readonly in: readonly BoundValue[]; readonly unindexed?: Unindexed } & Given)
  | { readonly column: string; readonly is: Comparison; readonly other: string }
  /** `%` any text, `_` one character, `\` takes the next one literally. The case of plain letters does not count. */
  | ({ readonly like: string } & Given)
  | { readonly exists: Exists }
  /** Matters only where the sub-select, which is tied to no row, has any: then the predicate must hold. A count asks for it once. */
  | { readonly whenAny: Exists; readonly must: Predicate }
  /** The column is among what the sub-select's one column yields. */
  | { readonly column: string; readonly among: Among }
  | { readonly column: string; readonly within: Within }
  | { readonly column: string; readonly matches: Matches }

/** A column; with `given`, in rows where that does not hold (or cannot be said) it counts as absent. */
export interface Given {
  readonly column: string
  readonly given?: Predicate
}

/**
 * No index is to be taken for this comparison: it sorts out few rows or goes without saying, and a database that keeps no
 * statistics would read a whole type by it instead of the few rows that another index finds (bench: list).
 */
type Unindexed = boolean

/** Rows of another table, tied to the outer rows by `other` comparisons. */
export interface Exists {
  readonly from: string
  readonly as: string
  readonly where: Predicate
}

export interface Among extends Exists {
  readonly select: string
}

/** Reachable from `start` by steps along the edges of a table, however many; a start counts only where an edge leads to it. */
export interface Within {
  readonly edges: string
  readonly from: string
  readonly to: string
  readonly start: readonly number[]
  /** Where a start that is in this column counts by itself too. */
  readonly own?: { readonly table: string; readonly column: string }
}

export interface WordColumn {
  readonly name: string
  readonly index: number
  /** Not in this column, or not all of them. */
  readonly outside?: boolean
}

/** The column is a row of an index of words that holds every word asked for. */
export interface Matches {
  readonly index: string
  /**
   * Letters a to z and digits, apart by spaces; a word that ends in `*` stands for all that begin so. At least one. All of
   * them must be there, or all of another alternative: these are apart by `|`.
   */
  readonly words: string
  /** Only in this column of the index, and which it is, counted from 0. */
  readonly in?: WordColumn
}
