import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isPosternError } from '../../src/errors/postern-error.ts'
import { siteHouse } from '../fixtures/site-house.ts'

/** A rule that speaks of what its type lacks would let nobody in, or everybody: the site does not start with it. */
describe('a rule of a type that cannot be enforced stops the start, with its line and what was meant', () => {
  const wrong: readonly (readonly [right: string, rule: string, said: RegExp])[] = [
    ['read', `allow.where({ opne: true })`, /room\.rules\.read .*no field "opne"; did you mean "open"\?/],
    ['read', `allow.any(allow.owner(), allow.listed('reader'))`, /no field "reader"; did you mean "readers"\?/],
    ['create', `allow.all(allow.user, allow.where({ statsu: 'draft' }))`, /no field "statsu"; did you mean "status"\?/],
    ['update', `allow.listed('text')`, /room\.rules\.update .*needs an access-list field, and "text" is none/],
    ['update', `allow.when('weekda')`, /no function "weekda"; did you mean "weekday"\?/],
    ['delete', `allow.self({ param: 'id' })`, /room\.rules\.delete .*cannot speak of a path parameter/],
    ['delete', `'admins'`, /room\.rules\.delete .*"admins" is not a rule/],
  ]
  for (const [right, rule, said] of wrong) {
    test(`${right}: ${rule}`, async () => {
      const thrown = await refusal({ 'types/room.ts': type({ [right]: rule }), ...weekday })
      assert.match(thrown.message, said)
      assert.deepEqual(thrown.at, { file: 'types/room.ts', line: 11 + rights.indexOf(right) })
    })
  }

  test('of a rule for what lies below it the line is its own too', async () => {
    const text = type({}).replace('below: {', `below: {\n    update: allow.listed('reader'),`)
    const thrown = await refusal({ 'types/room.ts': text, ...weekday })
    assert.match(thrown.message, /room\.below\.update .*did you mean "readers"/)
    assert.deepEqual(thrown.at, { file: 'types/room.ts', line: 17 })
  })

  test('all that is wrong is told at once, of an addon too', async () => {
    const thrown = await refusal({
      'types/room.ts': type({ read: `allow.where({ opne: true })` }),
      'addons/notes/index.ts': `import { defineAddon } from 'postern'\nexport default defineAddon({ name: 'notes' })`,
      'addons/notes/types/note.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'note', fields: { text: field.text() }, rules: { read: allow.where({ txt: 'a' }) } })`,
      ...weekday,
    })
    assert.match(`${thrown.message} ${thrown.hint}`, /"opne"/)
    assert.match(`${thrown.message} ${thrown.hint}`, /note\.rules\.read .*"txt"; did you mean "text"/)
  })

  test('what is there stops nothing: shared fields, own ones, private ones, a function', async () => {
    await using site = await siteHouse({ 'types/room.ts': type({}), ...weekday })
    assert.equal((await site.ask('GET /api/rooms')).status, 200)
  })
})

const weekday = {
  'rules/weekday.ts': `export default () => true`,
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ api: { whitelistObjectTypes: ['room'] } })`,
}
const rights = ['read', 'create', 'update', 'delete']
const well: Readonly<Record<string, string>> = {
  read: `allow.any(allow.everyone, allow.where({ secret: 'x', owner: 3 }))`,
  create: `allow.where({ status: 'draft' })`,
  update: `allow.any(allow.listed('readers'), allow.when('weekday'))`,
  delete: `allow.all(allow.owner(), allow.published())`,
}

function type(rules: Readonly<Record<string, string>>): string {
  const lines = rights.map((right) => `    ${right}: ${rules[right] ?? well[right]},`)
  return `import { allow, defineType, field } from 'postern'
export default defineType({
  name: 'room',
  section: true,
  fields: {
    open: field.boolean(), text: field.text(),
    secret: field.text({ private: true }),
    readers: field.accessList(),
  },
  rules: {
${lines.join('\n')}
  },
  below: {
    read: allow.where({ open: true }),
  },
})
`
}

async function refusal(files: Readonly<Record<string, string>>) {
  let thrown: unknown
  try {
    await using _site = await siteHouse(files)
  } catch (reason) {
    thrown = reason
  }
  assert.ok(isPosternError(thrown), 'it starts, or fails by accident')
  return thrown
}
