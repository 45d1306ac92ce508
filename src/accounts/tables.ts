import type { Column, Schema } from '../store/table.ts'

const text: Column = { type: 'text' }
const maybeText: Column = { type: 'text', nullable: true }
const integer: Column = { type: 'integer' }
const maybeInteger: Column = { type: 'integer', nullable: true }
const id: Column = { type: 'id' }

/** Rows of `account_users` are never deleted, so that an id never means somebody else. */
const user: Column = { type: 'integer', references: { table: 'account_users', column: 'id', onDelete: 'restrict' } }
const maybeUser: Column = { ...user, nullable: true }

export const accountTables: Schema = {
  room: 'accounts',
  tables: [
    {
      name: 'account_users',
      columns: {
        id,
        name: text,
        /** The name as it is compared: see `identity.ts`. */
        name_key: text,
        email: maybeText,
        email_key: maybeText,
        code: text,
        roles: { type: 'json' },
        active: { type: 'boolean' },
        password: maybeText,
        verified: maybeText,
        totp: maybeText,
        /** Counts the last time step that was used, so that a code opens once. */
        totp_step: maybeInteger,
        created: text,
        modified: text,
      },
      indexes: [
        { columns: ['name_key'], unique: true },
        { columns: ['email_key'], unique: true },
        { columns: ['code'], unique: true },
      ],
    },
    {
      name: 'account_tokens',
      columns: {
        id,
        digest: text,
        name: text,
        user_id: maybeUser,
        creator_id: maybeUser,
        scopes: { type: 'json', nullable: true },
        addresses: { type: 'json', nullable: true },
        rate_limit: maybeInteger,
        expires: maybeText,
        created: text,
        last_used: maybeText,
      },
      indexes: [{ columns: ['digest'], unique: true }, { columns: ['user_id'] }],
    },
    {
      name: 'account_sessions',
      columns: {
        id,
        user_id: user,
        kind: text,
        /** Digest of what the browser or device shows to be known again. */
        device: maybeText,
        address: text,
        agent: text,
        created: text,
        last_used: text,
        expires: text,
        ended: maybeText,
      },
      indexes: [{ columns: ['user_id'] }],
    },
    {
      name: 'account_session_keys',
      columns: {
        digest: text,
        session_id: {
          type: 'integer',
          references: { table: 'account_sessions', column: 'id', onDelete: 'cascade' },
        },
        kind: text,
        expires: text,
        used: maybeText,
      },
      primaryKey: ['digest'],
      indexes: [{ columns: ['session_id'] }, { columns: ['expires'] }],
    },
    {
      name: 'account_links',
      columns: {
        digest: text,
        purpose: text,
        user_id: maybeUser,
        data: { type: 'json' },
        expires: text,
        used: maybeText,
      },
      primaryKey: ['digest'],
      indexes: [{ columns: ['user_id'] }, { columns: ['purpose'] }],
    },
    {
      name: 'account_recovery_codes',
      columns: { digest: text, user_id: user, used: maybeText },
      primaryKey: ['digest'],
      indexes: [{ columns: ['user_id'] }],
    },
    {
      name: 'account_identities',
      columns: { issuer: text, subject: text, user_id: user, created: text },
      primaryKey: ['issuer', 'subject'],
      indexes: [{ columns: ['user_id'] }],
    },
    {
      name: 'account_audit',
      columns: {
        id,
        at: text,
        event: text,
        user_id: maybeInteger,
        token_id: maybeInteger,
        address: text,
        request: text,
        detail: { type: 'json' },
      },
      indexes: [{ columns: ['event', 'id'] }, { columns: ['user_id', 'id'] }],
    },
    {
      name: 'account_switches',
      columns: { endpoint: text, state: text, until: maybeText, reason: text, user_id: maybeInteger, at: text },
      primaryKey: ['endpoint'],
    },
    {
      /** Tries of passwords, where several nodes count them together; rows whose time has passed mean nothing. */
      name: 'account_tries',
      columns: { key: text, count: integer, until: text },
      primaryKey: ['key'],
      indexes: [{ columns: ['until'] }],
    },
    {
      /** One row per kind of fact; every write that others must hear of counts it up in its own transaction. */
      name: 'account_versions',
      columns: { name: text, version: integer },
      primaryKey: ['name'],
    },
  ],
}
