import { redactText } from './redact.ts'

export interface DescribedError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  readonly cause?: DescribedError
}

/** Whatever was thrown, as something that can be logged; never throws itself, whatever the value does when touched. */
export function describeThrown(thrown: unknown, depth = 0): DescribedError {
  try {
    if (!(thrown instanceof Error)) return { name: 'thrown value', message: redactText(shown(thrown)) }
    const { name, message, stack, cause } = thrown
    const code: unknown = 'code' in thrown ? thrown.code : undefined
    return {
      name: String(name),
      message: redactText(String(message)),
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof stack === 'string' ? { stack: redactText(stack) } : {}),
      ...(cause === undefined || depth >= 4 ? {} : { cause: describeThrown(cause, depth + 1) }),
    }
  } catch {
    return { name: 'thrown value', message: '[unreadable]' }
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null) return JSON.stringify(value) ?? Object.prototype.toString.call(value)
  return String(value)
}
