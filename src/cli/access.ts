import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { accessMatrix, openedUp, type AccessMatrix } from '../describe/access-matrix.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { maybeLines } from './maybe-lines.ts'
import { colour, say, sayJson, table, warn } from './print.ts'

const lockName = 'access.lock'

export const access: Command = {
  options: {
    ...siteOptions,
    write: { type: 'boolean', doc: `keep the matrix in ${lockName}, to be committed` },
    check: { type: 'boolean', doc: `compare with ${lockName}; exit 1 when anything became more open` },
    ...settingOptions,
  },
  run: (given) =>
    withSite(given, async ({ house, root }) => {
      const matrix = accessMatrix(house.records(), house.settings.accounts.roles)
      const file = join(root, lockName)
      if (given.has('check')) return compare(matrix, file, given.has('json'))
      if (given.has('write')) {
        writeFileSync(file, `${lockText(matrix)}\n`)
        return say(`${matrix.rows.length} endpoints × ${matrix.callers.length} kinds of caller written to ${lockName}.`)
      }
      if (given.has('json')) return sayJson(matrix)
      const cell = { yes: colour.green('yes'), maybe: colour.yellow('maybe'), no: colour.dim('no') }
      return say(
        [
          table(
            ['METHOD', 'PATH', ...matrix.callers],
            matrix.rows.map(({ method, path, access: cells }) => [method, path, ...cells.map((one) => cell[one])]),
          ),
          ...maybeLines(house.records()),
        ].join('\n'),
      )
    }),
}

/** One endpoint a line, so that a diff in git reads well. */
function lockText({ callers, rows }: AccessMatrix): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`)
  return `{\n  "callers": ${JSON.stringify(callers)},\n  "rows": [\n${lines.join(',\n')}\n  ]\n}`
}

const outlook = z.enum(['yes', 'maybe', 'no'])
const lock = z.strictObject({
  callers: z.array(z.string()),
  rows: z.array(
    z.strictObject({
      id: z.string(),
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      path: z.string(),
      access: z.array(outlook),
    }),
  ),
})

function compare(now: AccessMatrix, file: string, json: boolean): number {
  const opened = openedUp(readLock(file), now)
  if (json) sayJson({ opened })
  else if (opened.length === 0) say(`Nothing became more open than ${lockName} says.`)
  else {
    warn(colour.red(`More open than ${lockName} says:`))
    for (const line of opened) warn(`  ${line}`)
    warn(`If that is meant: postern access --write, and commit ${lockName}.`)
  }
  return opened.length === 0 ? 0 : 1
}

function readLock(file: string): AccessMatrix {
  if (!existsSync(file)) {
    throw new PosternError('BAD_SITE', `There is no ${lockName} yet; write it with: postern access --write.`, {
      at: { file: lockName },
    })
  }
  try {
    return lock.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new PosternError('BAD_SITE', `${lockName} cannot be read; write it anew with: postern access --write.`, {
      at: { file: lockName },
      cause,
    })
  }
}
