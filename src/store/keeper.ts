/** What each database knows how to do. Neither needs the server to stop, nor to run. */
export interface Keeper {
  /** Writes all that was acknowledged before the call, as of one moment, to a new file. */
  readonly backup: (to: string) => Promise<void>
  /** BAD_BACKUP where the file cannot be restored from; reads all of it. */
  readonly check: (from: string) => Promise<void>
  /** Replaces everything by what the file holds, in one step that others see or do not see. */
  readonly restore: (from: string) => Promise<void>
  /** Whether there is anything that a restore would replace. */
  readonly isEmpty: () => Promise<boolean>
}
