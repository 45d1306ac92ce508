import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { importsOf, isTest, readTree, root } from './source-tree.ts'

const record = z.record(z.string(), z.string()).default({})
const manifest = z
  .object({ dependencies: record, devDependencies: record, optionalDependencies: record, peerDependencies: record })
  .parse(readJson('package.json'))
const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        dev: z.boolean().optional(),
        hasInstallScript: z.boolean().optional(),
        integrity: z.string().optional(),
        resolved: z.string().optional(),
      }),
    ),
  })
  .parse(readJson('package-lock.json'))

const runtime = Object.keys(manifest.dependencies)
const decisions = readTree('docs/decisions/*.md')
const locked = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'))

describe('V110 dependencies', () => {
  test('each is imported somewhere in src', () => {
    const imported = new Set(
      importsOf(readTree('src/**/*.ts'))
        .filter(({ from, target }) => target === undefined && !isTest(from))
        .map(({ specifier }) => packageName(specifier)),
    )
    assert.ok(imported.size > 0, 'the guard saw no import of a package')
    assert.deepEqual(
      runtime.filter((name) => !imported.has(name)),
      [],
      'packages that nobody imports',
    )
    const known = new Set([...runtime, ...Object.keys(manifest.peerDependencies), 'postern'])
    assert.deepEqual(
      [...imported].filter((name) => !name.startsWith('node:') && !known.has(name)),
      [],
      'imported, but not a dependency',
    )
  })

  test('each has a decision record, and no record outlives its package', () => {
    const decided = [...decisions.values()].flatMap((text) => packagesOf(text))
    const shipped = [...runtime, ...Object.keys(manifest.peerDependencies)]
    assert.ok(decided.length > 0, 'the guard saw no record')
    assert.deepEqual(
      shipped.filter((name) => !decided.includes(name)),
      [],
      'without a record in docs/decisions',
    )
    const known = [...shipped, ...Object.keys(manifest.devDependencies), ...Object.keys(manifest.optionalDependencies)]
    assert.deepEqual(
      decided.filter((name) => !known.includes(name)),
      [],
      'records of packages that are gone',
    )
  })

  test('every record says what would change our mind', () => {
    const silent = [...decisions].filter(([, text]) =>
      ['## Context', '## Decision', '## Consequences', '## What would change our mind'].some(
        (part) => !text.includes(part),
      ),
    )
    assert.deepEqual(
      silent.map(([path]) => path),
      [],
    )
  })

  test('versions are exact, so that the lock and the manifest cannot disagree', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d/.test(version),
    )
    assert.deepEqual(loose, [])
  })

  test('nothing that is shipped runs a script when it is installed', () => {
    assert.ok(locked.length > 0, 'the guard saw no locked package')
    const scripted = locked.filter(([, entry]) => entry.hasInstallScript === true && entry.dev !== true)
    assert.deepEqual(
      scripted.map(([path]) => path),
      [],
    )
  })

  test('the lock names no address and pins every package by its content', () => {
    const addressed = locked.filter(([, { resolved }]) => resolved !== undefined && /^\w+:\/\//.test(resolved))
    const unpinned = locked.filter(([, { integrity, resolved }]) => integrity === undefined && resolved === undefined)
    assert.deepEqual(
      [...addressed, ...unpinned].map(([path]) => path),
      [],
    )
  })
})

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

/** 'zod' for 'zod/v4', '@scope/name' for '@scope/name/part'. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The line `Package: \`name\`` of a record, or `Packages:` with several. */
function packagesOf(text: string): string[] {
  const line = /^Packages?: (.*)$/m.exec(text)?.[1] ?? ''
  return [...line.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}
