import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { accessMatrix, openedUp, type AccessMatrix } from '../describe/access-matrix.ts'
import { belowAccess, openedBelow, rolesBelow, type KnownBelow } from '../describe/below-access.ts'
import { fieldAccess, openedFields, rolesOfFields, type FieldsNow, type KnownFields } from '../describe/field-access.ts'
import type { Outlook } from '../describe/outlook.ts'
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
      const types = house.room().types.all
      const { roles } = house.settings.accounts
      const endpoints = accessMatrix(house.records(), roles, [...rolesOfFields(types), ...rolesBelow(types)])
      const fields = fieldAccess(types, roles, endpoints.callers)
      const below = belowAccess(types, roles, endpoints.callers)
      const matrix = { ...endpoints, ...(fields.length > 0 && { fields }), ...(below.length > 0 && { below }) }
      const file = join(root, lockName)
      if (given.has('check')) return compare({ ...matrix, types, roles }, file, given.has('json'))
      if (given.has('write')) {
        writeFileSync(file, `${lockText(matrix)}\n`)
        return say(`${matrix.rows.length} endpoints × ${matrix.callers.length} kinds of caller written to ${lockName}.`)
      }
      if (given.has('json')) return sayJson(matrix)
      const cell = { yes: colour.green('yes'), maybe: colour.yellow('maybe'), no: colour.dim('no') }
      const shown = (cells: readonly Outlook[]): string[] => cells.map((one) => cell[one])
      const doors = matrix.rows.map(({ method, path, access: cells }) => [method, path, ...shown(cells)])
      say([table(['METHOD', 'PATH', ...matrix.callers], doors), ...maybeLines(house.records())].join('\n'))
      const ofFields = fields.map((row) => [row.right, `${row.type}.${row.field}`, ...shown(row.access)])
      if (fields.length > 0) say(`\n${table(['RIGHT', 'FIELD', ...matrix.callers], ofFields)}`)
      const ofBelow = below.map((row) => [row.right, row.type, ...shown(row.access)])
      if (below.length > 0) say(`\n${table(['RIGHT', 'BELOW', ...matrix.callers], ofBelow)}`)
    }),
}

/** One endpoint a line, so that a diff in git reads well. */
function lockText({ callers, rows, fields = [], below = [] }: Kept): string {
  const linesOf = (list: readonly unknown[]): string => list.map((row) => `    ${JSON.stringify(row)}`).join(',\n')
  const part = (name: string, list: readonly unknown[]): string =>
    list.length === 0 ? '' : `,\n  "${name}": [\n${linesOf(list)}\n  ]`
  const others = `${part('fields', fields)}${part('below', below)}`
  return `{\n  "callers": ${JSON.stringify(callers)},\n  "rows": [\n${linesOf(rows)}\n  ]${others}\n}`
}

type Kept = AccessMatrix & KnownFields & KnownBelow

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
  fields: z
    .array(
      z.strictObject({
        type: z.string(),
        field: z.string(),
        right: z.enum(['read', 'write']),
        access: z.array(outlook),
      }),
    )
    .default([]),
  below: z
    .array(z.strictObject({ type: z.string(), right: z.enum(['read', 'update', 'delete']), access: z.array(outlook) }))
    .default([]),
})

function compare(now: AccessMatrix & FieldsNow & KnownBelow, file: string, json: boolean): number {
  const before = readLock(file)
  const opened = [...openedUp(before, now), ...openedFields(before, now), ...openedBelow(before, now)]
  if (json) sayJson({ opened })
  else if (opened.length === 0) say(`Nothing became more open than ${lockName} says.`)
  else {
    warn(colour.red(`More open than ${lockName} says:`))
    for (const line of opened) warn(`  ${line}`)
    warn(`If that is meant: postern access --write, and commit ${lockName}.`)
  }
  return opened.length === 0 ? 0 : 1
}

function readLock(file: string): Kept {
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
