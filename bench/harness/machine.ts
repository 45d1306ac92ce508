import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly node: string
  readonly sqlite: string
  readonly platform: string
  readonly commit: string
}

/** What a reader needs to know before comparing two results; no name and no path of the machine. */
export function machine(): Machine {
  const cores = cpus()
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    platform: `${process.platform}-${process.arch}`,
    commit: commit(),
  }
}

function commit(): string {
  const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const
  try {
    const dirty = execFileSync('git', ['status', '--porcelain', '--', '../../src'], options).trim() !== ''
    return `${execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim()}${dirty ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}
