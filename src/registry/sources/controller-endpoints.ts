import { answerOf, isReserved, type ApiController, type ControllerClass } from '../../endpoint/api-controller.ts'
import type { Call } from '../../endpoint/call.ts'
import { defineEndpoint } from '../../endpoint/define-endpoint.ts'
import { verbs, type Verb } from '../../endpoint/method.ts'
import type { Definition, Handler } from '../../endpoint/record.ts'
import type { Rule } from '../../endpoint/rule.ts'
import { freezeRecord, toDefinition } from '../../endpoint/to-definition.ts'
import { PosternError, type Place } from '../../errors/postern-error.ts'
import { pruneRule } from '../prune-rule.ts'
import type { SiteSettings } from '../site-folder.ts'
import { builtInObjectPaths, instantiate, type Declared } from './controller-settings.ts'
import { parametersOf } from './parameters.ts'

/** A controller's class with all that its endpoints need to be made. */
export interface ReadController {
  readonly Controller: ControllerClass
  /** Made once, to see what there is; it never answers. */
  readonly sample: ApiController
  readonly declared: Declared
  readonly settings: SiteSettings
  readonly placeOf: (member: string) => Place
}

/** One method of the class under one path: what comes after it in a request are its arguments. */
interface Action {
  /** In `api` of the envelope, and the name that query names are registered for. */
  readonly name: string
  readonly member: string
  readonly methods: readonly Verb[]
  readonly path: string
  readonly indexed?: string
  readonly rule: Rule
  /** Names of the parameters that the path itself holds. */
  readonly fixed: readonly string[]
  /** Yields the argument that comes before the further segments. */
  readonly first?: (call: Call) => Promise<unknown>
}

type Method = (...args: unknown[]) => unknown

/** `friends` → getFriends, postFriends, …, else the method of that very name for the verbs that are left. */
export function endpointDefinitions(read: ReadController, name: string): readonly Definition[] {
  const members = new Map<string, Verb[]>()
  for (const verb of verbs) {
    const member = memberFor(read.sample, name, verb)
    if (member !== undefined) members.set(member, [...(members.get(member) ?? []), verb])
  }
  const rule = read.declared.authorize[name] ?? (read.settings.api.protected ? 'token' : 'everyone')
  const indexedBy = [...members.keys()].find((member) => members.get(member)?.includes('GET')) ?? [...members.keys()][0]
  return [...members].flatMap(([member, methods]) =>
    actionDefinitions(read, {
      name,
      member,
      methods,
      path: `${read.settings.api.base}/${name}`,
      ...(member === indexedBy ? { indexed: name } : {}),
      rule,
      fixed: [],
    }),
  )
}

/** `GET /objects/:id/foo_bar[/…]` → getObjectsFooBar(objectId, …). Who may not see the object gets its 404. */
export function objectPathDefinitions(read: ReadController, verb: Verb, sub: string): readonly Definition[] {
  const usual = read.settings.api.protected || verb !== 'GET' ? 'token' : 'everyone'
  return actionDefinitions(read, {
    name: 'objects',
    member: objectMember(verb, sub),
    methods: [verb],
    path: `${read.settings.api.base}/objects/:id/${sub}`,
    rule: read.declared.authorize[`objects/${sub}`] ?? usual,
    fixed: ['id'],
    first: objectId,
  })
}

/** 405 for every verb, whatever comes after the name. */
export function blacklistedDefinitions(
  read: Pick<ReadController, 'settings'>,
  name: string,
  origin: Place,
): readonly Definition[] {
  const path = `${read.settings.api.base}/${name}`
  const refuse = (): never => {
    throw new PosternError('METHOD_NOT_ALLOWED', `This site does not offer "${name}".`, { headers: { allow: '' } })
  }
  return [path, `${path}/*rest`].map((one) =>
    hide(
      toDefinition(
        defineEndpoint({ handler: refuse }),
        standing({ path: one, methods: verbs, rule: 'everyone', origin }, read.settings),
      ),
    ),
  )
}

export function memberFor(sample: ApiController, name: string, verb: Verb): string | undefined {
  return [verb.toLowerCase() + camelize(name), name, uncapitalize(camelize(name))].find((member) =>
    isMethod(sample, member),
  )
}

export function objectMember(verb: Verb, sub: string): string {
  return `${verb.toLowerCase()}Objects${camelize(sub)}`
}

export function isMethod(sample: ApiController, member: string): boolean {
  return !isReserved(member) && typeof Reflect.get(sample, member) === 'function'
}

export function isEndpointName(name: string): boolean {
  return /^[a-z][\w-]*$/i.test(name)
}

/** Names of all parameters that some method of the endpoint takes: a rule may speak of them. */
export function parameterNames(sample: ApiController, members: readonly (string | undefined)[]): readonly string[] {
  return members.flatMap((member) =>
    member !== undefined && isMethod(sample, member) ? parametersOf(methodOf(sample, member)).names : [],
  )
}

/** Sub-paths of objects that the server does not answer itself. */
export function ownObjectPaths({ declared }: ReadController): { verb: Verb; sub: string }[] {
  const builtIn: readonly string[] = builtInObjectPaths
  if (declared.blacklist.includes('objects')) return []
  return verbs.flatMap((verb) => {
    const subs = declared.objectPaths[verb.toLowerCase()] ?? []
    return subs.filter((sub) => !builtIn.includes(sub) && isEndpointName(sub)).map((sub) => ({ verb, sub }))
  })
}

/** The path, the path with each further argument the method declares, and a clear word for one segment too many. */
function actionDefinitions(read: ReadController, action: Action): readonly Definition[] {
  const declared = parametersOf(methodOf(read.sample, action.member))
  const names = declared.names
    .slice(action.fixed.length)
    .map((name, index) => (action.fixed.includes(name) ? `arg${index + 1}` : name))
  const longer = names.map((_, index) => names.slice(0, index + 1))
  const paths = [[], ...longer].map((some) => ({
    names: some,
    path: [action.path, ...some.map((name) => `:${name}`)].join('/'),
  }))
  const tail = `/*${names.includes('rest') ? 'further' : 'rest'}`
  const last = `${paths.at(-1)?.path ?? action.path}${tail}`
  const answering = paths.map((one) =>
    actionDefinition(read, action, { ...one, handler: handlerOf(read, action, one.names) }),
  )
  const rest = { path: last, names: [...names, tail.slice(2)] }
  if (declared.rest)
    return [...answering, actionDefinition(read, action, { ...rest, handler: handlerOf(read, action, rest.names) })]
  const refuse = tooMany(action, names.length)
  return [...answering, hide(actionDefinition(read, action, { ...rest, handler: refuse }))]
}

interface Variant {
  readonly path: string
  readonly names: readonly string[]
  readonly handler: Handler
}

function actionDefinition(read: ReadController, action: Action, variant: Variant): Definition {
  const { table } = read.declared
  const { name, methods, indexed } = action
  const rule = pruneRule(action.rule, [...action.fixed, ...variant.names])
  const own = { envelope: name, ...(indexed !== undefined && variant.path === action.path ? { indexed } : {}) }
  const origin = read.placeOf(action.member)
  const definition = toDefinition(
    defineEndpoint({ ...own, handler: variant.handler }),
    standing({ path: variant.path, methods, rule, origin }, read.settings),
  )
  const allowedQuery = Object.fromEntries(methods.map((verb) => [verb, table.allowed(name, verb)]))
  return Object.freeze({
    ...definition,
    record: freezeRecord({ ...definition.record, allowedQuery }),
    allowedQuery: (verb: Verb) => table.allowed(name, verb),
  })
}

type Stands = { readonly path: string; readonly methods: readonly Verb[]; readonly rule: Rule; readonly origin: Place }

function standing(stands: Stands, settings: SiteSettings): Parameters<typeof toDefinition>[1] {
  const { timeout, bodyLimit } = settings
  return { ...stands, source: 'controller', group: 'controller', place: 'site', timeout, bodyLimit }
}

/** Nothing waits where nothing is asynchronous: most actions are not. */
function handlerOf(read: ReadController, action: Action, names: readonly string[]): Handler {
  const { first } = action
  if (!first) return (call) => act(read, { member: action.member, args: segmentsOf(call, names) }, call)
  return async (call) =>
    act(read, { member: action.member, args: [await first(call), ...segmentsOf(call, names)] }, call)
}

interface Act {
  readonly member: string
  readonly args: readonly unknown[]
}

function act({ Controller, declared }: ReadController, { member, args }: Act, call: Call): unknown {
  const controller = instantiate(Controller, declared.table, call)
  const returned = methodOf(controller, member).apply(controller, [...args])
  return returned instanceof Promise
    ? returned.then((late) => answerOf(controller, late))
    : answerOf(controller, returned)
}

/** The further segments; a value that holds slashes took the rest of the path. */
function segmentsOf(call: Call, names: readonly string[]): readonly string[] {
  if (names.length === 0) return names
  return names.flatMap((name) => {
    const text = call.params[name]
    return typeof text === 'string' ? text.split('/') : []
  })
}

function tooMany(action: Action, count: number): Handler {
  const takes = count === 0 ? 'no further segments' : `${count} further segment${count === 1 ? '' : 's'} at most`
  return () => {
    throw new PosternError('TOO_MANY_SEGMENTS', `${action.path} takes ${takes}.`)
  }
}

async function objectId(call: Call): Promise<unknown> {
  const found = await call.content.perform('objects.read', { id: call.params.id })
  if (typeof found === 'object' && found !== null && 'id' in found) return found.id
  throw new PosternError('NOT_FOUND', 'There is no such object.')
}

function methodOf(controller: ApiController, member: string): Method {
  return Reflect.get(controller, member) as Method
}

function hide(definition: Definition): Definition {
  return Object.freeze({ ...definition, record: freezeRecord({ ...definition.record, hidden: true }) })
}

function camelize(name: string): string {
  return name
    .split(/[_-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function uncapitalize(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1)
}
