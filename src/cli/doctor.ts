import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { shownSettings } from '../config/describe-settings.ts'
import { unindexed } from '../content/unindexed.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { placeText, PosternError } from '../errors/postern-error.ts'
import { readFaults } from '../thread/fault-log.ts'
import type { Command, Given } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import type { Finding } from './finding.ts'
import { migrationFindings } from './migration-findings.ts'
import { siteFolder, withSite, type Opened } from './open-site.ts'
import { colour, say, sayJson } from './print.ts'

export const doctor: Command = {
  options: { ...siteOptions, settings: { type: 'boolean', doc: 'show every setting as it is' }, ...settingOptions },
  run: async (given) => {
    const { findings, settings } = await examine(given)
    const isBad = findings.some(({ state }) => state === 'bad')
    if (given.has('json')) sayJson({ ok: !isBad, findings, settings })
    else
      say(
        [
          ...findings.map(line),
          ...(given.has('settings') ? settings.map(({ path, value }) => `  ${path} = ${JSON.stringify(value)}`) : []),
        ].join('\n'),
      )
    return isBad ? 1 : 0
  },
}

async function examine(
  given: Given,
): Promise<{ findings: readonly Finding[]; settings: readonly { path: string; value: unknown }[] }> {
  siteFolder(given)
  const before = [nodeFinding()]
  try {
    const work = async (opened: Opened) => ({
      findings: [
        ...before,
        ...houseFindings(opened),
        ...(await migrationFindings(opened)),
        ...faultFindings(opened),
        ...indexFindings(opened),
        ...dataFindings(opened.house.settings.dataDir),
      ],
      settings: shownSettings(opened.house.settings),
    })
    return await withSite(given, work, { leaveTypes: true })
  } catch (thrown) {
    if (!(thrown instanceof PosternError)) throw thrown
    return {
      findings: [...before, { state: 'bad', what: `${thrown.title}: ${thrown.message}`, hint: thrown.hint }],
      settings: [],
    }
  }
}

function nodeFinding(): Finding {
  return { state: 'good', what: `Node ${process.versions.node}` }
}

function houseFindings({ house }: Opened): Finding[] {
  const records = house.records()
  const closed = onePerPlace(records.filter(({ rule }) => rule === undefined))
  return [
    { state: 'good', what: `${records.length} endpoints` },
    ...closed.map(({ id, origin, activation }): Finding => {
      const what = `${id} (${placeText(origin)}) is not activated: everyone gets 412`
      return activation === undefined ? { state: 'warning', what } : { state: 'warning', what, hint: activation }
    }),
    ...house.problems().map(({ fatal, message, at, hint }): Finding => {
      const what = `${placeText(at)}: ${message}`
      return { state: fatal ? 'bad' : 'warning', what, ...(hint === undefined ? {} : { hint }) }
    }),
  ]
}

/** Endpoints that brought the site's thread down, the latest first. */
function faultFindings({ house }: Opened): Finding[] {
  const byEndpoint = Map.groupBy(
    readFaults(house.settings.dataDir).toReversed(),
    ({ endpoint }) => endpoint ?? 'no endpoint in particular',
  )
  return [...byEndpoint].map(([endpoint, faults]): Finding => {
    const [last] = faults
    const at = last?.at === undefined ? '' : ` at ${placeText(last.at)}`
    const times = faults.length === 1 ? 'once' : `${faults.length} times`
    return {
      state: 'warning',
      what: `${endpoint} brought the site's thread down ${times}, last at ${last?.time} (${last?.kind})`,
      hint: `${last?.message}${at}`,
    }
  })
}

/** Fields that rules or allowed filters speak of, without an index to find their rows by. */
function indexFindings({ house }: Opened): Finding[] {
  return house.room().types.all.flatMap((type): Finding[] => {
    const lists = house.records().filter(({ id }) => id === 'objects.list' || id === `${type.plural}.list`)
    const { byRules, byFilters } = unindexed(
      type,
      lists.flatMap((record) => record.allowedQuery?.GET ?? []),
    )
    const place = type.origin === undefined ? `types/${type.name}.ts` : placeText(type.origin)
    const lacking = (why: string, names: readonly string[], hint: string): Finding[] => {
      const what = `${why} of ${type.name} that have no index: ${names.join(', ')}`
      return names.length === 0 ? [] : [{ state: 'warning', what, hint: `Add index: true to them, ${hint} ${place}.` }]
    }
    return [
      ...lacking('Its rules speak of fields', byRules, 'in'),
      ...lacking('Lists may be filtered by fields', byFilters, 'or allow fewer filters; in'),
    ]
  })
}

/** One declaration may answer at several paths. */
function onePerPlace(records: readonly Endpoint[]): Endpoint[] {
  return [...new Map(records.toReversed().map((record) => [placeText(record.origin), record])).values()].reverse()
}

const littleSpace = 200 * 1024 * 1024

function dataFindings(dataDir: string): Finding[] {
  const folder = existsSync(dataDir) ? dataDir : dirname(dataDir)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const space: Finding = {
    state: free < littleSpace ? 'warning' : 'good',
    what: `${Math.round(free / 1024 / 1024)} MB free for ${dataDir}`,
  }
  try {
    accessSync(folder, constants.W_OK)
    return [space]
  } catch {
    return [
      space,
      {
        state: 'bad',
        what: `${folder} cannot be written`,
        hint: 'Make the folder writable, or set DATA_DIR to one that is.',
      },
    ]
  }
}

function line({ state, what, hint }: Finding): string {
  const mark = state === 'good' ? colour.green('✓') : state === 'warning' ? colour.yellow('!') : colour.red('✗')
  return `${mark} ${what}${hint === undefined ? '' : `\n    ${hint}`}`
}
