import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrationsFolder, stampOf } from './read-files.ts'
import { stepText, type TypeStep } from './step.ts'

export interface NewFile {
  readonly root: string
  readonly steps: readonly TypeStep[]
  /** Names of the files that come before it. */
  readonly before: readonly string[]
  /** What it is called after its minute; by what it does otherwise. */
  readonly called?: string | undefined
  readonly now: Date
}

/** Writes a file that comes after all others, and returns its name. Never over another. */
export function writeMigration({ root, steps, before, called, now }: NewFile): string {
  const about = aboutText(steps)
  const name = `${laterThan(before.at(-1), now)}-${words(called ?? about)}.json`
  mkdirSync(join(root, migrationsFolder), { recursive: true })
  const lines = steps.map((step) => `    ${stepLine(step)}`).join(',\n')
  const text = `{\n  "about": ${JSON.stringify(about)},\n  "steps": [\n${lines}\n  ]\n}\n`
  writeFileSync(join(root, migrationsFolder, name), text, { flag: 'wx' })
  return name
}

/** One step a line, so that a review shows what changed; a new type one field a line. */
function stepLine(step: TypeStep): string {
  if (step.do !== 'add type') return spaced(step)
  const fields = Object.entries(step.fields).map(([name, shape]) => `        ${JSON.stringify(name)}: ${spaced(shape)}`)
  const inside = fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n      }`
  return `{ "do": "add type", "type": ${JSON.stringify(step.type)}, "fields": ${inside} }`
}

function spaced(value: object): string {
  const parts = Object.entries(value).map(([name, part]: [string, unknown]) => {
    const isPlain = typeof part !== 'object' || part === null || Array.isArray(part)
    return `${JSON.stringify(name)}: ${isPlain ? JSON.stringify(part) : spaced(part)}`
  })
  return `{ ${parts.join(', ')} }`
}

function aboutText(steps: readonly TypeStep[]): string {
  const [first] = steps
  const more = steps.length - 1
  const text = first === undefined ? 'nothing' : stepText(first)
  return more > 0 ? `${text}; and ${more} more` : text
}

/** `add artwork.medium: text, required` → `add-artwork-medium`. */
function words(text: string): string {
  const short = text.split(/[:;,(→]|, | and every/)[0] ?? ''
  const slug = short
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return slug.replace(/-+$/, '') || 'types'
}

/** This minute, or the first that no file has. */
function laterThan(last: string | undefined, now: Date): string {
  const minute = stamp(now)
  const after = last === undefined ? '' : stampOf(last)
  if (minute > after) return minute
  const [day = '', time = ''] = after.split('T')
  return stamp(new Date(Date.parse(`${day}T${time.slice(0, 2)}:${time.slice(2)}:00Z`) + 60_000))
}

function stamp(date: Date): string {
  return date.toISOString().slice(0, 16).replace(/:/, '')
}
