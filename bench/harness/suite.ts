/** What a suite gets, and what it gives back: rows for the table and for the file of results. */
export interface Context {
  readonly connections: number
  readonly rounds: number
  /** Milliseconds of one contender's turn in a round. */
  readonly turn: number
  /** How many objects the content suites fill the database with. */
  readonly objects: number
  /** A folder in which filled databases are kept for the next run; empty: nowhere. */
  readonly data: string
  /** Only cases whose names hold this text. */
  readonly only: string
  /** Says what is going on, on one line of the terminal. */
  readonly say: (text: string) => void
}

export interface Row {
  readonly case: string
  readonly contender: string
  readonly value: number
  readonly unit: 'µs CPU/request' | 'µs' | 'ms' | 'MB' | 'requests' | 'requests/s'
  readonly minimum?: number
  /** To the floor of the same case, as measured in the same run. */
  readonly ratio?: number
  /** What the figure should be at most, or at least where it begins with `≥`; in words, as the issue has it. */
  readonly aim?: string
  readonly met?: boolean
  readonly perSecond?: number
  readonly p99?: number
  /** Rounds in which other programs used the machine too. */
  readonly noisy?: number
  readonly rounds?: readonly number[]
}

export interface Suite {
  readonly name: string
  readonly about: string
  readonly run: (context: Context) => Promise<Row[]>
}
