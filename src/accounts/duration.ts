import { PosternError } from '../errors/postern-error.ts'

const units = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 } as const

/** `30d`, `12h`, `90s` as seconds. */
export function seconds(text: string): number {
  const match = /^(\d{1,6})([smhdwy])$/.exec(text.trim())
  const unit = match?.[2] as keyof typeof units | undefined
  const count = Number(match?.[1] ?? 0)
  if (unit === undefined || count === 0) {
    const message = 'a number and one of s, m, h, d, w, y, such as 30d'
    throw new PosternError('INVALID', `${JSON.stringify(text)} is not a time span.`, {
      errors: [{ path: 'expires', message }],
    })
  }
  return count * units[unit]
}

/** The stored form of a moment: ISO 8601 in UTC, which sorts as it should. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
