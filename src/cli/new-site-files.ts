interface NewSite {
  /** Fit for package.json. */
  readonly name: string
  /** What package.json asks for: a version, or the folder of a clone. */
  readonly postern: string
}

/** Path to text: a site with one endpoint of each kind, an object type, a user and a token to try them with. */
export function newSiteFiles({ name, postern }: NewSite): ReadonlyMap<string, string> {
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { dev: 'postern dev', start: 'postern start', test: 'node --test' },
    dependencies: { postern },
    devDependencies: { '@types/node': '^26.0.0' },
  }
  return new Map([
    ['README.md', readme(name)],
    ['package.json', `${JSON.stringify(manifest, null, 2)}\n`],
    // A folder is installed as a package would be, with the Node that it brings.
    ...(postern.startsWith('file:') ? ([['.npmrc', 'install-links=true\n']] as const) : []),
    ['tsconfig.json', tsconfig],
    ['.gitignore', 'node_modules/\ndata/\ndata.new/\n'],
    ['postern.config.ts', config],
    ['types/note.ts', note],
    ['api/hello.ts', hello],
    ['api/public/hello.ts', publicHello],
    ['api/controller.ts', controller],
    ['modules/notes/api.json', notesManifest],
    ['modules/notes/notes.ts', notesModule],
    ['addons/clock/index.ts', clock],
    ['seed.ts', seed],
    ['tests/site.test.ts', siteTest],
  ])
}

const readme = (name: string): string => `# ${name}

\`\`\`sh
npm install
npm run dev       # serves the site, and swaps it when a file changes; the first start prints a token and lines to paste
npm test          # runs what is in tests/
npx postern routes
\`\`\`

| file | what it is | where it answers |
|---|---|---|
| \`api/hello.ts\` | an endpoint that is a file | \`/api/hello\`, for any token or signed-in user |
| \`api/public/hello.ts\` | the same, for everyone | \`/api/public/hello\` |
| \`api/controller.ts\` | a class of endpoints | \`/api/friends\`, \`/api/notes\` |
| \`modules/notes/\` | endpoints declared in \`api.json\` | \`/notes/hello\`, \`/notes/show/AAA\` |
| \`addons/clock/\` | an addon, to take along to other sites | \`/api/clock\` |
| \`types/note.ts\` | a kind of content, and who may do what with it | \`/api/objects\` |
| \`postern.config.ts\` | settings | |
| \`seed.ts\` | fills a new database, once | |

What is kept lies in \`data/\`, which is not for git. To begin afresh, stop the site and delete it.
`

const tsconfig = `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noEmit": true,
    "allowImportingTsExtensions": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true
  },
  "exclude": ["node_modules", "data"]
}
`

const config = `import { defineConfig } from 'postern'

export default defineConfig({
  api: { protected: false },
  accounts: { roles: { member: [] } },
})
`

const note = `import { allow, defineType, field } from 'postern'

/** Kept in the database, and served at /api/objects?filter[object_type]=note and /api/notes. */
export default defineType({
  name: 'note',
  fields: {
    code: field.text({ required: true, unique: true }),
    text: field.text(),
  },
  rules: {
    read: allow.everyone,
    create: allow.user,
    update: allow.any(allow.owner(), allow.role('admin')),
    delete: allow.role('admin'),
  },
})
`

const hello = `import { type Call } from 'postern'

/** A file is an endpoint: /api/hello, for any token or signed-in user. */
export default ({ param }: Call) => ({ hello: param('name') ?? 'world' })
`

const publicHello = `import { type Call } from 'postern'

/** Below public/ nobody needs a token: /api/public/hello. */
export default ({ param }: Call) => ({ hello: param('name') ?? 'world' })
`

const controller = `import { allow, ApiController } from 'postern'

/** A method is an endpoint: /api/friends, in the envelope. */
export default class SiteApi extends ApiController {
  override endPoints = ['friends']
  override whitelistObjectTypes = ['note']
  override authorize = { friends: allow.everyone }

  friends() {
    this.setData(['Tom', 'Jerry'])
  }
}
`

const notesManifest = `{
  "Hello": {
    "url_segments": "notes/hello",
    "request_type": "GET",
    "description": "Greets whoever asks",
    "authorization": "*"
  },
  "Fetch Note": {
    "url_segments": "notes/show",
    "request_type": "GET",
    "description": "Fetches a note by its code, for its owner",
    "authorization": { "roles": ["admin"], "userOwnedSegment": { "column": "code", "segmentNum": 3 } }
  }
}
`

const notesModule = `import { type Call, PosternError } from 'postern'

/** A method that api.json declares is an endpoint: /notes/hello. */
export function hello() {
  return 'Hello from the notes'
}

/** /notes/show/AAA: who may call it stands in api.json, and is checked before this line is reached. */
export async function show(call: Call, code: string) {
  const found = await call.content.list('note', { filter: { code } })
  const note = found.data[0]
  if (note === undefined) throw new PosternError('BAD_PARAM', 'Invalid note code')
  return note
}
`

const clock = `import { allow, defineAddon, defineEndpoint } from 'postern'

/** A folder to take along to other sites: /api/clock. Without the folder, the endpoint is gone. */
export default defineAddon({
  name: 'clock',
  endpoints: [
    defineEndpoint({
      method: 'GET',
      path: '/api/clock',
      description: 'The time at the server',
      authorize: allow.everyone,
      handler: () => ({ time: new Date().toISOString() }),
    }),
  ],
})
`

const seed = `import { defineSeed } from 'postern'

/** Runs once, when the data folder is new. */
export default defineSeed(async ({ content, accounts, note }) => {
  const tom = await accounts.createUser({ name: 'tom', roles: ['member'] })
  await content.create('note', { code: 'AAA', title: 'First note', text: 'Written by the seed.', status: 'on', owner: tom.id })
  const { token } = await accounts.createToken({ name: 'try it', user: 'tom' })
  note(\`A token of tom, shown this once: \${token}

curl {address}/api/public/hello
curl {address}/api/friends
curl {address}/api/notes
curl {address}/api/clock
curl {address}/notes/hello
curl -H 'Authorization: Bearer \${token}' '{address}/api/hello?name=you'
curl -H 'Authorization: Bearer \${token}' {address}/notes/show/AAA\`)
})
`

const siteTest = `import { scenario } from 'postern/testing'

/** Each row is a request and what must come of it, on a database of its own: the seed is not run. */
scenario('the site', { folder: new URL('..', import.meta.url) }, [
  { request: 'GET /api/public/hello?name=you', status: 200, answer: { hello: 'you' } },
  { request: 'GET /api/hello', status: 401, code: 'UNAUTHENTICATED' },
  { request: 'GET /api/hello', as: 'tom', status: 200, answer: { hello: 'world' } },
  { request: 'GET /api/friends', status: 200, contains: { data: ['Tom', 'Jerry'] } },
  { request: 'GET /api/friends?city=Rome', status: 400, code: 'UNKNOWN_QUERY' },
  { request: 'GET /notes/hello', status: 200, contains: /notes/ },
  { request: 'GET /notes/show/AAA', status: 401, code: 'UNAUTHENTICATED' },
  { request: 'POST /api/objects', as: 'tom', body: { object_type: 'note', code: 'AAA', title: 'Mine' }, status: 201 },
  { request: 'GET /notes/show/AAA', as: 'tom', status: 200, contains: { title: 'Mine' } },
  { request: 'GET /notes/show/AAA', as: 'ann', status: 403, code: 'FORBIDDEN' },
  { request: 'GET /api/clock', status: 200, contains: /"time"/ },
])
`
