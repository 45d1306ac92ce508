import { parseArgs } from 'node:util'
import { placeText, PosternError } from '../errors/postern-error.ts'
import { nearest } from '../schema/nearest.ts'
import { Given, type Command, type CommandEntry } from './command.ts'
import { commands } from './commands.ts'
import { commandHelp, overallHelp } from './help.ts'
import { say, warn } from './print.ts'
import { UsageError } from './usage-error.ts'
import { version } from './version.ts'

/** Runs one command line and returns its exit code. Nothing is thrown past here. */
export async function runCli(line: readonly string[]): Promise<number> {
  try {
    if (line.includes('--version')) return say(version())
    if (line[0] === 'help') return await runCli([...line.slice(1), '--help'])
    const entry = entryFor(line)
    if (entry === undefined) return helpOrComplaint(line)
    const rest = line.slice(entry.name.split(' ').length)
    if (rest.includes('--help') || rest.includes('-h')) return say(commandHelp(entry, await entry.load()))
    await entry.prepare?.(rest)
    const command = await entry.load()
    return (await command.run(readLine(entry, { command, rest }))) ?? 0
  } catch (thrown) {
    return complain(thrown)
  }
}

function entryFor(line: readonly string[]): CommandEntry | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => line[index] === word))
}

function helpOrComplaint(line: readonly string[]): number {
  const [word] = line
  const group = commands.filter(({ name }) => name.startsWith(`${word} `))
  const isQuestion =
    word === undefined || ['--help', '-h'].includes(word) || line.includes('--help') || line.includes('-h')
  if (isQuestion) return say(overallHelp(group.length > 0 ? group : commands))
  if (group.length > 0 && line.length === 1)
    throw new UsageError(`"postern ${word}" needs another word: ${group.map(({ name }) => `"${name}"`).join(', ')}.`)
  const asked = group.length > 0 ? line.slice(0, 2).join(' ') : word
  const near = nearest(
    asked,
    commands.map(({ name }) => name),
  )
  throw new UsageError(`There is no command "${asked}"${near === undefined ? '' : `; did you mean "${near}"?`}`)
}

function readLine({ name }: CommandEntry, { command, rest }: { command: Command; rest: readonly string[] }): Given {
  const { values, positionals } = parsed(command, rest)
  const wanted = command.positionals ?? []
  const missing = wanted.find(({ optional }, index) => optional !== true && (positionals[index] ?? '') === '')
  if (missing !== undefined) throw new UsageError(`"postern ${name}" needs <${missing.name}>: ${missing.doc}.`)
  if (positionals.length > wanted.length)
    throw new UsageError(`"postern ${name}" does not take "${positionals[wanted.length]}".`)
  return new Given(values, positionals)
}

function parsed({ options }: Command, rest: readonly string[]) {
  const shapes = Object.entries(options).map(([name, { type, multiple = false, short }]) => {
    return [name, { type, multiple, ...(short === undefined ? {} : { short }) }] as const
  })
  try {
    return parseArgs({ args: [...rest], options: Object.fromEntries(shapes), allowPositionals: true, strict: true })
  } catch (cause) {
    throw new UsageError(lineComplaint(cause, Object.keys(options)), { cause })
  }
}

/** Node names the option but not the one that was meant. */
function lineComplaint(cause: unknown, names: readonly string[]): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  const unknown = /^Unknown option '--?([^']+)'/.exec(message)?.[1]
  if (unknown === undefined) return message
  const near = nearest(unknown, names)
  return `There is no option --${unknown}${near === undefined ? '' : `; did you mean --${near}?`}`
}

function complain(thrown: unknown): number {
  if (thrown instanceof UsageError) {
    warn(`${thrown.message}\nSee "postern --help".`)
    return 2
  }
  if (thrown instanceof PosternError) {
    const place = thrown.at === undefined || thrown.message.includes(thrown.at.file) ? '' : `${placeText(thrown.at)}: `
    const details = thrown.errors
      .filter(({ message }) => !thrown.message.includes(message))
      .map(({ path, message }) => `\n  ${path}: ${message}`)
    warn(`${thrown.title}: ${place}${thrown.message}${details.join('')}\n${thrown.hint} [${thrown.code}]`)
    return 1
  }
  warn(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  return 1
}
