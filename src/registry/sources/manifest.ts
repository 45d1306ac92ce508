import { placeText } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import { mergeLoaded, onlyProblems } from '../loaded.ts'
import type { Loaded, SiteFolder, SiteProblem, Source } from '../site-folder.ts'
import { fatalProblem, mildProblem } from '../site-problem.ts'
import { mildFaults, readEntry, type Entry, type Fault, type MildFault } from './manifest-entry.ts'
import { shapeOf } from './manifest-definitions.ts'
import { readModules } from './manifest-module.ts'
import { operations } from './manifest-operations.ts'
import {
  claimOf,
  isMethod,
  placeOfEntry,
  planMethod,
  planOperation,
  planUndeclared,
  type ModuleOfSite,
  type Plan,
} from './manifest-plan.ts'

/** Endpoints from the `api.json` of each folder in `modules/`, answered by what its code exports. */
export const manifest: Source = { name: 'manifest', load: loadManifests }

async function loadManifests(site: SiteFolder): Promise<Loaded> {
  const { modules, problems } = await readModules(site)
  return mergeLoaded([onlyProblems(...problems), ...modules.map((module) => loadModule({ site, module }))])
}

function loadModule(at: ModuleOfSite): Partial<Loaded> {
  const entries: Entry[] = []
  const faults: Told[] = []
  const found: readonly (readonly [string, unknown])[] = Object.entries(at.module.manifest?.value ?? {})
  for (const [name, value] of found) {
    const read = readEntry(name, value, at.module.name)
    faults.push(...read.faults.map((fault) => ({ entry: name, fault })))
    if (read.entry) entries.push(read.entry)
  }
  const plans: readonly PlanOfEntry[] = [
    ...planOperations(at, entries),
    ...planMethods(at, entries),
    ...undeclaredMethods(at, entries).map((method) => planUndeclared(at, method)),
  ]
  faults.push(...plans.flatMap((plan) => plan.faults.map((fault) => ({ entry: plan.entry ?? '', fault }))))
  return {
    definitions: plans.flatMap((plan) => plan.definitions),
    problems: [
      ...conflicts(at, entries),
      ...fatalFaults(at, faults),
      ...mildFaultsOf(at, faults),
      ...openMethods(at, entries),
    ],
  }
}

interface Told {
  readonly entry: string
  readonly fault: Fault
}

type PlanOfEntry = Plan & { readonly entry?: string }

/** In the order of the table: of two that would claim one verb and path, the first there has it. */
function planOperations(at: ModuleOfSite, entries: readonly Entry[]): readonly PlanOfEntry[] {
  const taken = new Set<string>()
  return [...operations].flatMap(([name, operation]) => {
    const entry = entries.find((one) => one.name === name)
    if (!entry) return []
    const claims = operation.paths.flatMap((path) => operation.methods.map((verb) => `${verb} ${path}`))
    const plan = planOperation(at, entry, { ...operation, taken: new Set(taken) })
    for (const claim of claims) taken.add(claim)
    const twice: readonly Fault[] = plan.definitions.length === 0 ? [{ fatal: false, what: 'twice', name }] : []
    return [{ ...plan, entry: name, faults: [...plan.faults, ...twice] }]
  })
}

/** The longest path first: what one entry takes beyond its own path gives way to what another says of it. */
function planMethods(at: ModuleOfSite, entries: readonly Entry[]): readonly PlanOfEntry[] {
  const methods = entries.filter((entry) => entry.kind === 'method')
  const claimed = new Set(methods.map(claimOf))
  const byLength = methods.toSorted((one, other) => other.segments.length - one.segments.length)
  return byLength.map((entry) => {
    const plan = planMethod(at, entry, claimed)
    for (const { record } of plan.definitions) claimed.add(`${entry.verb} ${shapeOf(record.path.slice(1))}`)
    return { ...plan, entry: entry.name }
  })
}

/** Exported methods that no entry speaks of, neither as an endpoint nor as a hook. */
function undeclaredMethods({ module }: ModuleOfSite, entries: readonly Entry[]): readonly string[] {
  const spoken = new Set(
    entries.flatMap((entry) => [
      entry.kind === 'method' ? entry.segments[1]?.text : undefined,
      entry.beforeHook,
      entry.afterHook,
    ]),
  )
  return Object.keys(module.exported)
    .filter((name) => name !== 'default' && isMethod(module, name) && !spoken.has(name))
    .sort()
}

function conflicts({ site, module }: ModuleOfSite, entries: readonly Entry[]): readonly SiteProblem[] {
  const byClaim = new Map<string, Entry>()
  return entries.flatMap((entry) => {
    if (entry.kind !== 'method') return []
    const claim = claimOf(entry)
    const other = byClaim.get(claim)
    byClaim.set(claim, other ?? entry)
    if (!other) return []
    const at = placeOfEntry(module, entry.name)
    const path = entry.segments
      .map((segment) => (segment.kind === 'literal' ? segment.text : `{${segment.text}}`))
      .join('/')
    const message = `${entry.verb} ${path} is claimed twice: by "${other.name}" (${placeText(placeOfEntry(module, other.name))}) and by "${entry.name}" (${placeText(at)}).`
    return [
      fatalProblem(site.root, at, {
        code: 'ENDPOINT_CONFLICT',
        message,
        hint: 'Remove one of the two entries, or give one another verb.',
      }),
    ]
  })
}

function fatalFaults({ site, module }: ModuleOfSite, told: readonly Told[]): readonly SiteProblem[] {
  return told.flatMap(({ entry, fault }) => {
    if (!fault.fatal) return []
    const { message, hint } = fault
    const at = placeOfEntry(module, entry, ...fault.path)
    return [fatalProblem(site.root, at, { message, ...(hint === undefined ? {} : { hint }) })]
  })
}

/** One problem for each kind, naming the entries. */
function mildFaultsOf({ module }: ModuleOfSite, told: readonly Told[]): readonly SiteProblem[] {
  const byKind = new Map<MildFault, Told[]>()
  for (const one of told) if (!one.fault.fatal) byKind.set(one.fault.what, [...(byKind.get(one.fault.what) ?? []), one])
  return [...byKind].map(([what, some]) => {
    const names = [...new Set(some.flatMap(({ fault }) => (fault.fatal ? [] : [fault.name])))]
    const entries = names.length === 1 ? 'An entry' : `${names.length} entries`
    const hints = what === 'noMethod' ? slips(module.exported, some) : []
    const message = `${entries} ${mildFaults[what]}: ${names.map((name) => `"${name}"`).join(', ')}.`
    return mildProblem(placeOfEntry(module, some[0]?.entry ?? ''), {
      message,
      ...(hints.length === 0 ? {} : { hint: hints.join(' ') }),
    })
  })
}

/** Exported names that look like the missing ones. */
function slips(exported: Readonly<Record<string, unknown>>, told: readonly Told[]): readonly string[] {
  return told.flatMap(({ entry }) => {
    const near = nearest(entry.toLowerCase().replaceAll(' ', '_'), Object.keys(exported))
    return near === undefined ? [] : [`The module exports "${near}".`]
  })
}

/** Where undeclared methods answer, it is said which. */
function openMethods(at: ModuleOfSite, entries: readonly Entry[]): readonly SiteProblem[] {
  const open = at.site.settings.modules.undeclared === 'open' ? undeclaredMethods(at, entries) : []
  if (open.length === 0) return []
  const message = `Open to everyone, because no entry declares them: ${open.join(', ')}.`
  const hint = `Declare them in ${at.module.manifestFile}, or set modules.undeclared to "closed".`
  return [mildProblem({ file: at.module.codeFile }, { message, hint })]
}
