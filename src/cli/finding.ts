/** One thing that `doctor` looked at. `bad` makes the exit code 1. */
export interface Finding {
  readonly state: 'good' | 'warning' | 'bad'
  readonly what: string
  readonly hint?: string
}
