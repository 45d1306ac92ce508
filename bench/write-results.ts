/** `node bench/write-results.ts`: writes the newest result of each suite into docs/reference/benchmarks.md, so that nobody copies figures by hand. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const row = z.looseObject({
  case: z.string(),
  contender: z.string(),
  value: z.number(),
  unit: z.string(),
  minimum: z.number().optional(),
  ratio: z.number().optional(),
  aim: z.string().optional(),
  met: z.boolean().optional(),
  noisy: z.number().optional(),
  rounds: z.array(z.number()).optional(),
})
const result = z.object({
  date: z.string(),
  command: z.string(),
  settings: z.object({ objects: z.number() }),
  machine: z.object({ cpu: z.string(), cores: z.number(), node: z.string(), sqlite: z.string(), commit: z.string() }),
  suites: z.record(z.string(), z.array(row)),
})

type Row = z.output<typeof row>
type Result = z.output<typeof result>

const folder = join(import.meta.dirname, 'results')
const page = join(import.meta.dirname, '..', 'docs', 'reference', 'benchmarks.md')
const heading = '## Results\n'

const text = readFileSync(page, 'utf8')
const kept = text.slice(0, text.indexOf(heading) + heading.length)
writeFileSync(page, `${kept}\n${[...newest()].map(([name, found]) => section(name, found)).join('\n')}`)

/** Of each suite the result that was kept last; of the one that is run on databases of several sizes, for each size. */
function newest(): Map<string, Result> {
  const found = new Map<string, Result>()
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()) {
    const one = result.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    for (const suite of Object.keys(one.suites)) found.set(headingOf(suite, one), one)
  }
  return found
}

function headingOf(suite: string, { settings }: Result): string {
  return suite === 'content' ? `content, ${settings.objects.toLocaleString('en')} objects` : suite
}

function section(name: string, { date, command, machine, suites }: Result): string {
  const { cpu, cores, node, sqlite, commit } = machine
  const where = `${date.slice(0, 16).replace('T', ' ')} UTC, ${cores} × ${cpu}, Node ${node}, SQLite ${sqlite}, commit ${commit}: \`${command}\``
  const lines = (suites[name.split(',')[0] ?? ''] ?? []).map(
    (one) =>
      `| ${one.case} | ${one.contender} | ${figure(one.value)} ${one.unit} | ${one.minimum === undefined ? '' : figure(one.minimum)} | ` +
      `${one.ratio?.toFixed(2) ?? ''} | ${one.aim ?? ''} ${verdict(one)} | ${noise(one)} |`,
  )
  return `### ${name}\n\n${where}\n\n| case | who | median | minimum | ratio | aim | noisy rounds |\n|---|---|---|---|---|---|---|\n${lines.join('\n')}\n`
}

function verdict({ met }: Row): string {
  if (met === undefined) return ''
  return met ? '✓' : '✗'
}

function noise({ noisy, rounds }: Row): string {
  return noisy === undefined || noisy === 0 ? '' : `${noisy} of ${rounds?.length ?? 0}`
}

function figure(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}
