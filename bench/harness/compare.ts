/** One case: the same request to several servers in turn, round after round, so that a noisy neighbour disturbs all alike. */
import { load, quantile, type Load, type Request } from './load.ts'
import { cpuTime, machineTime, type Server } from './processes.ts'

export interface Contender {
  readonly name: string
  readonly server: Server
  readonly request: Request | (() => Request)
}

export interface CaseOptions {
  readonly connections: number
  readonly rounds: number
  /** Milliseconds of one contender's turn. */
  readonly turn: number
  readonly expect?: number
}

export interface Round {
  /** µs of the server's CPU time a request. */
  readonly cpu: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Whether others used more than a tenth of a core meanwhile. */
  readonly noisy: boolean
}

export interface Measured {
  readonly name: string
  readonly rounds: readonly Round[]
  readonly median: number
  readonly minimum: number
  readonly perSecond: number
  readonly p99: number
}

export async function compare(contenders: readonly Contender[], options: CaseOptions): Promise<Measured[]> {
  const rounds = contenders.map((): Round[] => [])
  for (const contender of contenders) await warmUp(contender, options)
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) rounds[index]?.push(await turn(contender, options))
  }
  return contenders.map(({ name }, index) => summary(name, rounds[index] ?? []))
}

/** What runs is compiled better and better for some ten thousand requests; of that, neither side shall be seen. */
export async function warmUp({ name, server, request }: Contender, options: CaseOptions): Promise<void> {
  const { connections, expect = 200 } = options
  const until = performance.now() + longestWarmUp
  for (let answered = 0; answered < enoughRequests && performance.now() < until;) {
    const result = await load({ port: server.port, request, connections, milliseconds: 1_000, expect })
    refuseUnexpected(name, result)
    answered += result.requests
  }
}

const enoughRequests = 60_000
const longestWarmUp = 4_000

async function turn(contender: Contender, options: CaseOptions): Promise<Round> {
  const { server, request } = contender
  const before = usage(server.pid)
  const result = await load({
    port: server.port,
    request,
    connections: options.connections,
    milliseconds: options.turn,
    expect: options.expect ?? 200,
  })
  const after = usage(server.pid)
  refuseUnexpected(contender.name, result)
  const own = after.server - before.server
  const others = after.machine - before.machine - own - (after.self - before.self)
  return {
    cpu: own / result.requests,
    perSecond: result.requests / result.seconds,
    p50: quantile(result.latencies, 0.5),
    p99: quantile(result.latencies, 0.99),
    noisy: others > result.seconds * 100_000,
  }
}

function usage(pid: number): { server: number; self: number; machine: number } {
  const { user, system } = process.cpuUsage()
  return { server: cpuTime(pid), self: user + system, machine: machineTime() }
}

/** Fast wrong answers are not answers. */
export function refuseUnexpected(name: string, result: Load): void {
  const wrong = Object.entries(result.unexpected)
  if (wrong.length > 0) throw new Error(`${name} answered ${wrong.map(([status, n]) => `${n} × ${status}`).join(', ')}`)
}

function summary(name: string, rounds: readonly Round[]): Measured {
  const cpu = rounds.map((round) => round.cpu)
  return {
    name,
    rounds,
    median: median(cpu),
    minimum: Math.min(...cpu),
    perSecond: median(rounds.map((round) => round.perSecond)),
    p99: median(rounds.map((round) => round.p99)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
}
