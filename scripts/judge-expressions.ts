/**
 * `npm run judge:expressions`: has recheck (https://makenowjust-labs.github.io/recheck/) prove of every regular expression in src that
 * no text makes it slow, and keeps the verdicts in test/guards/expressions.json, which a guard compares with the tree.
 * Needs `npm install --no-save recheck@4.5.0` and a minute; only what has no verdict yet is judged.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { expressionsIn } from '../test/guards/expressions.ts'
import { readTree, root } from '../test/guards/source-tree.ts'

const file = join(root, 'test', 'guards', 'expressions.json')
const verdicts = z.record(z.string(), z.string())
const known = existsSync(file) ? verdicts.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
process.env['RECHECK_BACKEND'] = 'pure'
const name = 'recheck'
const judge = z.object({
  checkSync: z.function({
    input: [z.string(), z.string(), z.object({ timeout: z.number() })],
    output: z.object({ status: z.string(), complexity: z.object({ summary: z.string() }).optional() }),
  }),
})
const { checkSync } = judge.parse(await import(name))
const found = [...expressionsIn(readTree('src/**/*.ts')).keys()].toSorted()
const judged = found.map((expression) => [expression, known[expression] ?? verdictOn(expression)] as const)
writeFileSync(file, `${JSON.stringify(Object.fromEntries(judged), null, 2)}\n`)

function verdictOn(expression: string): string {
  const end = expression.lastIndexOf('/')
  const { status, complexity } = checkSync(expression.slice(1, end), expression.slice(end + 1), { timeout: 20_000 })
  const verdict = status === 'safe' ? 'safe' : (complexity?.summary ?? status)
  if (verdict !== 'safe') console.log(`${verdict}: ${expression}`)
  return verdict
}
