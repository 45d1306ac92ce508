import { text } from 'node:stream/consumers'
import { UsageError } from './usage-error.ts'

/** One line of standard input, for `--<name>-stdin`; the line break that `echo` adds is none of it. */
export async function readSecret(name: string, command: string): Promise<string> {
  if (process.stdin.isTTY) {
    const example = `echo "$${name.toUpperCase()}" | ${command}`
    throw new UsageError(`--${name}-stdin wants the ${name} through a pipe: ${example}`)
  }
  const secret = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (secret === '') throw new UsageError(`Standard input holds no ${name}.`)
  return secret
}
