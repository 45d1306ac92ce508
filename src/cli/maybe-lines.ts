import { functionsIn } from '../describe/functions-in.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { colour } from './print.ts'

/** On what each `maybe` of the matrix hangs; what comes of it for somebody `postern why` tells. */
export function maybeLines(records: readonly Endpoint[]): readonly string[] {
  return records
    .map(({ methods, path, rule }) => ({ methods, path, names: functionsIn(rule) }))
    .filter(({ names }) => names.length > 0)
    .map(({ methods, path, names }) => {
      const asked = names.map((name) => `allow.when('${name}')`).join(', ')
      return `${colour.yellow('maybe')}: ${methods.join(',')} ${path} hangs on ${asked}; postern why tells for whom.`
    })
}
