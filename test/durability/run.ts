import { execFileSync } from 'node:child_process'

/** A tool of the system, to its end; what it says. Throws with its complaint. */
export function run(command: string, values: readonly string[]): string {
  return execFileSync(command, values, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env })
}

/** Those for disks lie where not every shell looks. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }
