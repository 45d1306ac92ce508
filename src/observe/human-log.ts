import type { Writable } from 'node:stream'
import { placeText } from '../errors/postern-error.ts'
import { describeThrown, type DescribedError } from './describe-thrown.ts'
import { levelOf, type Level, type Observation } from './observation.ts'
import type { Sink } from './observer.ts'
import { paint, type Paint } from './paint.ts'
import { isWanted, type RequestLines } from './request-lines.ts'
import { redactFacts, redactText, redactUrl } from './redact.ts'
import type { SeenProblem } from './seen.ts'

export interface HumanLogOptions {
  readonly level: string
  readonly requests?: RequestLines
  readonly to: Writable
  readonly colours: boolean
}

const order = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

/** One line for a person for each observation; problems with a site get their code frame. */
export function humanLog({ level, requests = 'all', to, colours }: HumanLogOptions): Sink {
  const least = order.indexOf(level)
  const colour = paint(colours)
  return {
    note(seen) {
      const importance = levelOf(seen)
      if (order.indexOf(importance) < least || !isWanted(seen, requests)) return
      const time = colour.dim(new Date().toTimeString().slice(0, 8))
      to.write(`${time} ${mark(importance, colour)} ${lineOf(seen, colour)}\n`)
    },
  }
}

function mark(level: Level, colour: Paint): string {
  if (level === 'error') return colour.red('✗')
  return level === 'warn' ? colour.yellow('!') : colour.dim('·')
}

function lineOf(seen: Observation, colour: Paint): string {
  switch (seen.kind) {
    case 'request.done':
      return `${statusText(seen.status, colour)} ${seen.method} ${redactUrl(seen.path, seen.search)} ${colour.dim(`${seen.ms.toFixed(1)} ms`)}`
    case 'request.failed': {
      const told = describeThrown(seen.thrown)
      const detail = seen.status >= 500 ? stackText(told) : told.message
      return `${seen.code} ${seen.method} ${redactUrl(seen.path, '')}${seen.endpoint === undefined ? '' : ` (${seen.endpoint})`} ${colour.dim(seen.id)}\n${indented(detail)}`
    }
    case 'site.broken':
      return `${colour.red('the site has an error; the last good one goes on serving')}\n${seen.problems.map(problemText).join('\n')}`
    case 'site.warned':
      return seen.problems.map(saidAt).join('\n           ')
    case 'site.opened':
      return `site opened: ${seen.endpoints} endpoints ${colour.dim(`${Math.round(seen.ms)} ms`)}`
    case 'site.swapped':
      return `${colour.green('site swapped')}: ${seen.endpoints} endpoints ${colour.dim(`${Math.round(seen.ms)} ms`)}${changedText(seen.changed)}`
    case 'site.log':
      return `${seen.endpoint}: ${redactText(seen.message)}${factsText(seen.facts)}`
    default:
      return otherLine(seen)
  }
}

function otherLine(seen: Observation): string {
  switch (seen.kind) {
    case 'thread.lost':
      return `the site’s thread was lost (${seen.fault.kind})${seen.fault.endpoint === undefined ? '' : ` in ${seen.fault.endpoint}`}: ${seen.fault.message}`
    case 'thread.replaced':
      return `the site’s thread was replaced in ${Math.round(seen.ms)} ms`
    case 'circuit.opened':
      return `${seen.endpoint} is switched off for ${seen.seconds} s after ${seen.faults} faults`
    case 'system.used':
      return `${seen.operation} as the system, for ${seen.caller}: ${seen.reason}`
    case 'house.failed': {
      return `${seen.where}\n${indented(stackText(describeThrown(seen.thrown)))}`
    }
    case 'server.started':
      return `listening on ${seen.address}`
    case 'server.stopping':
      return `stopping (${seen.reason}), ${counted(seen.underWay, 'request')} under way`
    case 'server.stopped':
      return `stopped in ${Math.round(seen.ms)} ms${seen.cut === 0 ? '' : `; ${counted(seen.cut, 'request')} cut off`}`
    default:
      return rareLine(seen)
  }
}

function rareLine(seen: Observation): string {
  switch (seen.kind) {
    case 'circuit.closed':
      return `${seen.endpoint} is switched on again`
    case 'request.malformed':
      return `what ${seen.ip} sent is no HTTP: ${seen.status} ${seen.code}`
    case 'account.changed':
      return `${seen.event} ${redactText(seen.subject)}${seen.by === undefined ? '' : `, by ${seen.by}`}`
    case 'store.mended':
      return `the database takes writes again, after ${Math.round(seen.ms)} ms`
    case 'types.migrated':
      return `${seen.file} applied in ${Math.round(seen.ms)} ms${seen.steps.length === 0 ? ': it was so already' : `: ${seen.steps.join('; ')}`}`
    default: {
      const { kind, ...facts } = seen
      return `${kind}${factsText(facts)}`
    }
  }
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}

/** With what it came of. What the site threw arrives from its thread inside an error that says nothing by itself. */
function stackText({ code, stack, message, cause }: DescribedError): string {
  if (cause === undefined) return stack ?? message
  return code === 'INTERNAL' ? stackText(cause) : `${stack ?? message}\ncaused by ${stackText(cause)}`
}

function statusText(status: number, colour: Paint): string {
  if (status >= 500) return colour.red(String(status))
  return status >= 400 ? colour.yellow(String(status)) : colour.green(String(status))
}

function problemText(problem: SeenProblem): string {
  const hint = problem.hint === undefined ? '' : `\n  ${problem.hint}`
  return `  ${saidAt(problem)}${problem.frame === undefined ? '' : `\n${problem.frame}`}${hint}`
}

/** `.` is the site as a whole, which needs no name. */
function saidAt({ at, message }: SeenProblem): string {
  return at.file === '.' ? message : `${placeText(at)} ${message}`
}

function changedText(changed: readonly string[] | undefined): string {
  return changed === undefined || changed.length === 0 ? '' : ` (${changed.join(', ')})`
}

function factsText(facts: Readonly<Record<string, unknown>> | undefined): string {
  return facts === undefined || Object.keys(facts).length === 0 ? '' : ` ${JSON.stringify(redactFacts(facts))}`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
