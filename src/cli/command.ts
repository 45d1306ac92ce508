/** One command as it stands in the list: enough for the help, without loading it. */
export interface CommandEntry {
  /** One or two words: `routes`, `token create`. */
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
  /** Begins what can be done while the command's own code is loaded. */
  readonly prepare?: (rest: readonly string[]) => Promise<void>
}

export interface Command {
  readonly positionals?: readonly Positional[]
  readonly options: Readonly<Record<string, Option>>
  /** The exit code; nothing means 0. */
  readonly run: (given: Given) => Promise<number | void>
}

export interface Positional {
  readonly name: string
  readonly doc: string
  readonly optional?: boolean
}

export interface Option {
  readonly type: 'boolean' | 'string'
  readonly doc: string
  /** May be given several times. */
  readonly multiple?: boolean
  readonly short?: string
  /** What stands for the value in the help: `--port <number>`. */
  readonly value?: string
}

/** What was written on the line, already checked against the command. */
export class Given {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #positionals: readonly string[]

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#values = values
    this.#positionals = positionals
  }

  /** The positional at this place; one that the command demands is never empty. */
  positional(index: number): string {
    return this.#positionals[index] ?? ''
  }

  has(option: string): boolean {
    return this.#values[option] === true
  }

  text(option: string): string | undefined {
    const value = this.#values[option]
    return typeof value === 'string' ? value : undefined
  }

  list(option: string): string[] {
    const value = this.#values[option]
    return Array.isArray(value) ? value.map(String) : []
  }
}
