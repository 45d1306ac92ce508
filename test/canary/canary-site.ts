/** A site that is careless in every way in which a site of good will can be: it logs and throws whatever the call holds. */
export const canarySite = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({
  tokens: { query: true },
  accounts: { roles: { member: [] }, register: { roles: ['member'], verify: true } },
})`,
  'types/letter.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'letter', plural: 'letters', fields: { text: field.text(), password: field.text({ private: true }) },
  rules: { read: allow.owner(), create: allow.user } })`,
  'api/public/careless.ts': `export default ({ log, headers, query, body, caller, path }) => {
  const { authorization, cookie, 'x-api-token': token } = headers
  console.log('console', JSON.stringify({ authorization, cookie, token, query: query.token, caller, path }))
  log.info('asked', { headers, query, body, caller })
  log.warn(\`asked with Authorization: Bearer \${body?.bearer ?? ''} at postgres://user:\${body?.bearer ?? ''}@host/db\`)
  return 'noted'
}`,
  'api/public/throws.ts': `export default ({ headers, query, caller }) => {
  throw new Error('It failed for ' + JSON.stringify({ headers, caller }) + ' and ' + Object.keys(query).join())
}`,
  'api/members.ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: allow.role('member', 'admin'), handler: ({ asSystem }) => {
  asSystem('to count letters').content
  return 'members'
} })`,
}
