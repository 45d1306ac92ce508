import type { CommandEntry } from './command.ts'

/** All commands, in the order of the help. A new command is a new file and a new line. */
export const commands: readonly CommandEntry[] = [
  { name: 'new', summary: 'make a small site that runs at once', load: async () => (await import('./new.ts')).newSite },
  {
    name: 'dev',
    summary: 'serve a site and swap it when a file changes',
    load: async () => (await import('./dev.ts')).dev,
    prepare: bootThread,
  },
  {
    name: 'start',
    summary: 'serve a site in production',
    load: async () => (await import('./start.ts')).start,
    prepare: bootThread,
  },
  {
    name: 'routes',
    summary: 'list every endpoint with its source and rule',
    load: async () => (await import('./routes.ts')).routes,
  },
  {
    name: 'token create',
    summary: 'make an API token',
    load: async () => (await import('./token-create.ts')).tokenCreate,
  },
  { name: 'token list', summary: 'list API tokens', load: async () => (await import('./token-list.ts')).tokenList },
  {
    name: 'token revoke',
    summary: 'revoke an API token',
    load: async () => (await import('./token-revoke.ts')).tokenRevoke,
  },
  { name: 'user create', summary: 'make a user', load: async () => (await import('./user-create.ts')).userCreate },
  { name: 'user list', summary: 'list users', load: async () => (await import('./user-list.ts')).userList },
  { name: 'user role', summary: 'give and take roles', load: async () => (await import('./user-role.ts')).userRole },
  {
    name: 'user deactivate',
    summary: 'put a user out of use, or back',
    load: async () => (await import('./user-deactivate.ts')).userDeactivate,
  },
  {
    name: 'why',
    summary: 'say why a request is let through or refused',
    load: async () => (await import('./why.ts')).why,
  },
  {
    name: 'access',
    summary: 'list who may call what; keep it, compare it',
    load: async () => (await import('./access.ts')).access,
  },
  {
    name: 'types',
    summary: "write the types of the site's endpoints, for the client",
    load: async () => (await import('./write-types.ts')).types,
  },
  {
    name: 'switch set',
    summary: 'hide, block, freeze or retire an endpoint',
    load: async () => (await import('./switch.ts')).switchSet,
  },
  {
    name: 'switch clear',
    summary: 'open an endpoint again',
    load: async () => (await import('./switch.ts')).switchClear,
  },
  {
    name: 'switch list',
    summary: 'list endpoints that are switched off',
    load: async () => (await import('./switch.ts')).switchList,
  },
  {
    name: 'backup',
    summary: 'back up the database, also while it serves',
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'restore',
    summary: 'put a backup in place of the database',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'migrate',
    summary: 'plan what a change of the types does to the database, in a file; apply files',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'import',
    summary: 'create objects from a file, line by line',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'export',
    summary: 'write the objects of a type to a file',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'doctor',
    summary: 'say what is wrong with a site and its surroundings',
    load: async () => (await import('./doctor.ts')).doctor,
  },
]

/** The site's thread takes as long to boot as the house takes to load: so both at once. */
async function bootThread(rest: readonly string[]): Promise<void> {
  if (rest.some((word) => word.endsWith('inline')) || process.env['POSTERN_ISOLATION'] === 'inline') return
  const { bootEarly } = await import('../thread/early-worker.ts')
  bootEarly()
}
