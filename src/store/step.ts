/** One change of the database's shape. `text` is what people read, allow and keep. */
export interface Step {
  readonly text: string
  readonly sql: readonly string[]
  /** Whether stored values are lost. */
  readonly loses: boolean
}
