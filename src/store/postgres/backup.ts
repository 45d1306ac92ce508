import type { Client } from 'pg'
import type { Keeper } from '../keeper.ts'
import { createTable, dropTable } from '../ddl.ts'
import { keepingTable, type KeptTable } from '../keeping.ts'
import { Statements } from '../statements.ts'
import type { Table } from '../table.ts'
import { readLines, wrapped, writeLines, type BackupLine } from './backup-lines.ts'
import { clientConfig, connected, mustLead } from './connection.ts'
import { dialect } from './dialect.ts'
import { onLeading, serversOf } from './servers.ts'
import { Session } from './session.ts'

/**
 * Through the port's own types rather than by `pg_dump`: that one must be as new as the server, and what it writes only
 * PostgreSQL reads.
 */
export function postgresKeeper(url: string): Keeper {
  return {
    backup: (to) => writeLines(to, everything(url)),
    check: async (from) => {
      for await (const _part of readLines(from));
    },
    restore: (from) => inSession(url, (session, statements) => replaceAll(session, statements, from)),
    isEmpty: () => inSession(url, async (session) => !(await session.hasTable(keepingTable.name))),
  }
}

/** One transaction sees one moment of the database, and nobody waits for it. */
async function* everything(url: string): AsyncGenerator<BackupLine> {
  const client = await toRead(url)
  try {
    const tables = await keptTables(client)
    yield { postern: 'backup', format: 1, at: new Date().toISOString(), tables }
    let count = 0
    for (const { table } of tables) {
      yield { table: table.name, columns: columnsOf(table), lastId: await lastId(client, table) }
      for await (const row of rowsOf(client, table)) {
        yield row.map(wrapped)
        count++
      }
    }
    yield { rows: count }
  } finally {
    await client.end()
  }
}

/** Of several servers the one that leads: one that follows may lack what was acknowledged. */
function toRead(url: string): Promise<Client> {
  return onLeading(url, async (server) => {
    if (serversOf(url).length > 1) await (await connected(clientConfig(server), mustLead)).end()
    return connected(clientConfig(server), 'set statement_timeout = 0; begin isolation level repeatable read read only')
  })
}

async function keptTables(client: Client): Promise<KeptTable[]> {
  const text = `select room, definition from ${keepingTable.name} order by name`
  const { rows } = await client.query<{ room: string; definition: string }>(text)
  return inOrder(rows.map(({ room, definition }) => ({ room, table: JSON.parse(definition) as Table })))
}

/** The tables that others refer to come first. */
function inOrder(tables: readonly KeptTable[]): KeptTable[] {
  const done = new Set<KeptTable>()
  const visit = (kept: KeptTable, path: readonly KeptTable[]): void => {
    if (done.has(kept) || path.includes(kept)) return
    const wanted = Object.values(kept.table.columns).map((column) => column.references?.table)
    for (const other of tables) if (wanted.includes(other.table.name)) visit(other, [...path, kept])
    done.add(kept)
  }
  for (const kept of tables) visit(kept, [])
  return [...done]
}

/** An index of words is kept too: to make it anew would take the site's types, and longer than all the rest. */
function columnsOf(table: Table): string[] {
  return table.search === undefined ? Object.keys(table.columns) : ['rowid', 'words']
}

/** The greatest id that was ever given; none is given twice, also after a restore. */
async function lastId(client: Client, table: Table): Promise<number> {
  const id = Object.keys(table.columns).find((name) => table.columns[name]?.type === 'id')
  if (id === undefined) return 0
  const text = 'select coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0) as last'
  const { rows } = await client.query<{ last: number }>(text, [table.name, id])
  return rows[0]?.last ?? 0
}

async function* rowsOf(client: Client, table: Table): AsyncGenerator<unknown[]> {
  const columns = columnsOf(table)
  const jsons = columns.map((name) => table.columns[name]?.type === 'json')
  const names = columns.map((name) => client.escapeIdentifier(name)).join(', ')
  await client.query(`declare copying no scroll cursor for select ${names} from ${client.escapeIdentifier(table.name)}`)
  for (;;) {
    const { rows } = await client.query<unknown[]>({ text: 'fetch 1000 from copying', rowMode: 'array' })
    if (rows.length === 0) break
    for (const row of rows) {
      yield row.map((value, index) =>
        jsons[index] === true && typeof value === 'string' ? (JSON.parse(value) as unknown) : value,
      )
    }
  }
  await client.query('close copying')
}

async function inSession<Result>(
  url: string,
  work: (session: Session, statements: Statements) => Promise<Result>,
): Promise<Result> {
  const statements = new Statements(dialect)
  const session = await Session.open(url, statements)
  try {
    return await work(session, statements)
  } finally {
    await session.close().catch(() => {})
  }
}

/** In one transaction, behind the lock of the writers: before it all is as it was, after it all is as it was kept. */
async function replaceAll(session: Session, statements: Statements, from: string): Promise<void> {
  statements.declare([{ room: 'store', tables: [keepingTable] }])
  await session.say('set statement_timeout = 0; set lock_timeout = 0')
  await session.begin()
  await dropAll(session)
  let tables: readonly KeptTable[] = []
  for await (const part of readLines(from)) {
    if ('rows' in part && isIndex(part.table, tables)) await session.insertWords(part.table, part.rows)
    else if ('rows' in part) await session.run({ insert: part.table, values: part.rows })
    else if ('lastId' in part) await session.skipIds(part.table, part.lastId)
    else tables = await makeAll(session, statements, part)
  }
  for (const { table } of tables) {
    for (const text of createTable(table, dialect).sql.slice(1)) await session.say(text)
  }
  if ((await session.say('commit')) !== 'COMMIT') throw new Error('The restore was undone')
  // Until the database knows what is in its new tables it answers by reading all of them.
  await session.say('analyze')
}

function isIndex(name: string, tables: readonly KeptTable[]): boolean {
  return tables.some(({ table }) => table.name === name && table.search !== undefined)
}

async function dropAll(session: Session): Promise<void> {
  if (!(await session.hasTable(keepingTable.name))) return
  const { rows } = await session.run({ from: keepingTable.name, select: ['name'] })
  for (const { name } of rows) {
    for (const text of dropTable({ name: String(name), columns: {} }, dialect).sql) await session.say(`${text} cascade`)
  }
  await session.run({ delete: keepingTable.name, where: true })
}

/** Without their indexes, which are cheaper to make at the end. */
async function makeAll(
  session: Session,
  statements: Statements,
  kept: readonly KeptTable[],
): Promise<readonly KeptTable[]> {
  if (!(await session.hasTable(keepingTable.name))) {
    for (const text of createTable(keepingTable, dialect).sql) await session.say(text)
  }
  statements.declare([{ room: 'restored', tables: kept.map(({ table }) => table) }])
  for (const { room, table } of kept) {
    await session.say(createTable(table, dialect).sql[0] ?? '')
    await session.run({ insert: keepingTable.name, values: { name: table.name, room, definition: table } })
  }
  return kept
}
