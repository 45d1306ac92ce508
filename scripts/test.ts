/**
 * `npm test`: everything that must hold, cheapest first, stopping at the first phase that does not. The tests come last so
 * that the run ends in the summary of Node's own runner, which people and machines already know how to read.
 */
import { spawn } from 'node:child_process'
import { availableParallelism, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

interface Phase {
  name: string
  command: string
  args: string[]
}

const root = join(import.meta.dirname, '..')
const suites = ['src', 'test', 'examples', 'bench'].map((folder) => `${folder}/**/*.test.ts`)
const wanted = process.argv.slice(2)

const phases: Phase[] = [
  { name: 'lint', command: 'oxlint', args: ['--type-aware'] },
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'types of the pages', command: 'tsc', args: ['-p', 'web'] },
  { name: 'pages', command: process.execPath, args: ['scripts/build-web.ts'] },
  { name: 'bundle', command: process.execPath, args: ['scripts/bundle.ts'] },
  { name: 'guards and tests', command: process.execPath, args: testArguments(wanted.length > 0 ? wanted : suites) },
]

for (const [index, phase] of phases.entries()) await runPhase(phase, `${index + 1}/${phases.length}`)

/** Two files at a time: many of them start servers and databases of their own, and timeouts must mean something. */
function testArguments(patterns: string[]): string[] {
  const concurrency = Math.min(2, availableParallelism())
  return [
    '--conditions=postern-source',
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=120000',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    ...patterns,
  ]
}

async function runPhase(phase: Phase, position: string): Promise<void> {
  const started = performance.now()
  console.log(`\n▸ ${position} ${phase.name}`)
  const code = await run(phase)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  // The last word belongs to the test runner's summary.
  if (phase === phases.at(-1)) process.exit(code)
  if (code !== 0) {
    console.error(`✗ ${phase.name} failed after ${seconds} s; the phases after it were not run`)
    process.exit(code)
  }
  console.log(`✓ ${phase.name} (${seconds} s)`)
}

/** Resolves to the exit code; a phase ended by a signal counts as failed. */
function run({ command, args }: Phase): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      // Each test file is a process of its own, and most of them open the whole house: what one has compiled, others find.
      NODE_COMPILE_CACHE: join(tmpdir(), 'postern-tests-compiled'),
      ...process.env,
      PATH: path,
      FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
    },
    shell: process.platform === 'win32' && command !== process.execPath,
  })
  child.on('error', reject)
  child.on('exit', (code) => resolve(code ?? 1))
  return promise
}
