/** One row per permanent code. A code is never reused and never changes its meaning; the docs page is derived from this table. */
export interface ErrorRow {
  readonly status: number
  readonly title: string
  /** What to do about it, in one sentence to a tired person. */
  readonly hint: string
}

export const errorTable = {
  BAD_REQUEST: { status: 400, title: 'Bad request', hint: 'Read `detail`: it names what the server could not use.' },
  BAD_PATH: {
    status: 400,
    title: 'Malformed path',
    hint: 'Percent-encode the path as UTF-8 and send no encoded slashes, back slashes or control characters.',
  },
  BAD_QUERY: {
    status: 400,
    title: 'Malformed query string',
    hint: 'Send each name once, flat, and percent-encoded as UTF-8.',
  },
  UNKNOWN_QUERY: {
    status: 400,
    title: 'Unknown query name',
    hint: 'Use one of the names listed in `detail`, or allow the name for this endpoint.',
  },
  BAD_QUERY_VALUE: {
    status: 400,
    title: 'Query value does not fit',
    hint: 'See `errors`: each entry names the query parameter and what it accepts.',
  },
  BAD_PARAM: {
    status: 400,
    title: 'Path parameter does not fit',
    hint: 'See `errors`: each entry names the part of the path and what it accepts.',
  },
  BAD_BODY: {
    status: 400,
    title: 'Malformed body',
    hint: 'Send a body that matches its Content-Type; JSON must be UTF-8, complete, and without repeated names.',
  },
  BAD_CREDENTIAL_MIX: { status: 400, title: 'Two credentials of one kind', hint: 'Send one credential per request.' },
  BAD_LINK: {
    status: 400,
    title: 'Link used up or expired',
    hint: 'Each link works once and for a limited time: ask for a new one.',
  },
  TOO_MANY_SEGMENTS: {
    status: 400,
    title: 'Too many path segments',
    hint: 'Remove the segments that the endpoint does not take.',
  },
  UNKNOWN_FIELD: { status: 400, title: 'Unknown field', hint: 'Use the fields that the object type declares.' },
  UNAUTHENTICATED: { status: 401, title: 'Not signed in', hint: 'Send `Authorization: Bearer <token>`.' },
  BAD_CREDENTIAL: {
    status: 401,
    title: 'Credential not accepted',
    hint: 'The token is unknown, expired or revoked: get a new one. No other credential of the request is tried.',
  },
  BAD_LOGIN: {
    status: 401,
    title: 'Name or password not right',
    hint: 'Check both; an account that is not in use is refused in the same words.',
  },
  SECOND_FACTOR: {
    status: 401,
    title: 'Second factor needed',
    hint: 'Send the current code of the authenticator app as `code`, or a recovery code.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Not allowed',
    hint: 'The rule of this endpoint does not let this caller pass; `postern why` shows which part failed.',
  },
  FIELD_FORBIDDEN: {
    status: 403,
    title: 'Field not yours to write',
    hint: 'Leave out the fields that `errors` names, or ask somebody whom their rule lets write them; nothing was written.',
  },
  OUT_OF_SCOPE: {
    status: 403,
    title: 'Outside the scope of the token',
    hint: 'Use a token whose scopes cover this method and path.',
  },
  FOREIGN_ORIGIN: {
    status: 403,
    title: 'Request from another origin',
    hint: 'A cookie session may only be used for unsafe verbs from the site itself; use a bearer token elsewhere.',
  },
  NEEDS_SESSION: {
    status: 403,
    title: 'Only for a signed-in person',
    hint: 'Sign in; an API token cannot change who may come in.',
  },
  NOT_FOUND: { status: 404, title: 'Not found', hint: 'Check the path; `GET /api` lists what there is.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    hint: 'Use one of the methods in the `Allow` header.',
  },
  NOT_ACCEPTABLE: { status: 406, title: 'Not acceptable', hint: 'Ask for application/json.' },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request arrived too slowly',
    hint: 'Send the request again, over a better connection or in smaller parts.',
  },
  CONFLICT: {
    status: 409,
    title: 'Conflict',
    hint: 'Another object already holds this value; `errors` names the field.',
  },
  GONE: { status: 410, title: 'Gone', hint: 'This endpoint has been retired.' },
  NOT_ACTIVATED: {
    status: 412,
    title: 'Endpoint not activated',
    hint: 'Declare who may call it; `detail` says in which file.',
  },
  STALE: {
    status: 412,
    title: 'Changed in the meantime',
    hint: 'Read the object again and repeat the change with its new version.',
  },
  BODY_TOO_LARGE: { status: 413, title: 'Body too large', hint: 'Send less, or raise `bodyLimit` for this endpoint.' },
  URI_TOO_LONG: {
    status: 414,
    title: 'Request target too long',
    hint: 'Send fewer or shorter query parameters, or use a body.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Media type not supported',
    hint: 'Send application/json or application/x-www-form-urlencoded.',
  },
  INVALID: {
    status: 422,
    title: 'Value does not fit',
    hint: 'See `errors`: each entry names a field and what is wrong with it.',
  },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', hint: 'Wait as long as `Retry-After` says.' },
  HEADERS_TOO_LARGE: { status: 431, title: 'Headers too large', hint: 'Send fewer or shorter headers.' },
  INTERNAL: { status: 500, title: 'Internal error', hint: 'The log holds the cause under the id in `instance`.' },
  BAD_ANSWER: {
    status: 500,
    title: 'Answer cannot be sent',
    hint: 'The handler returned something that is not JSON, text, bytes, a stream or a Response; the log names it.',
  },
  NOT_IMPLEMENTED: {
    status: 501,
    title: 'Declared but not written',
    hint: 'The manifest names a method or hook that the module does not export.',
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Unavailable for a moment',
    hint: 'Repeat the request after `Retry-After` seconds.',
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    title: 'Not known whether it was written',
    hint: 'Look whether the change was made before you repeat it: the database went away in the very moment of writing.',
  },
  SITE_THREAD_LOST: {
    status: 503,
    title: 'The endpoint stopped unexpectedly',
    hint: "The site's thread was replaced; repeat the request after `Retry-After` seconds.",
  },
  CIRCUIT_OPEN: {
    status: 503,
    title: 'Endpoint switched off after repeated faults',
    hint: 'Mend the endpoint; it is tried again after `Retry-After` seconds.',
  },
  TIMEOUT: {
    status: 504,
    title: 'The endpoint did not answer in time',
    hint: 'Make it faster, or raise `timeout` for this endpoint.',
  },
  FULL: { status: 507, title: 'No space left', hint: 'Free disk space; writing resumes by itself.' },
  BAD_SITE: { status: 500, title: 'The site cannot be started', hint: 'Mend the file named in the message.' },
  MIGRATION_NEEDED: {
    status: 500,
    title: 'The types are ahead of the database',
    hint: 'Run `postern migrate`, read the file it writes, keep it with the site, and start again.',
  },
  MIGRATION_MISFIT: {
    status: 500,
    title: 'A migration does not fit the database',
    hint: 'Mend the step that is named, or bring the database to what it expects; a file that was never applied may be edited.',
  },
  MIGRATION_CHANGED: {
    status: 500,
    title: 'A migration was edited after it was applied',
    hint: 'Put the file back as it was, and say the rest in a new one.',
  },
  DATABASE_NEWER: {
    status: 500,
    title: 'The database is newer than the site',
    hint: 'Deploy the site that has these files, or restore a backup from before them.',
  },
  ENDPOINT_CONFLICT: {
    status: 500,
    title: 'Two claims on one method and path',
    hint: 'Remove one of the two, or mark the one that should win with `override: true` where the other is an addon.',
  },
  BAD_SETTING: { status: 500, title: 'Setting not usable', hint: 'Mend the setting named in the message.' },
  PORT_TAKEN: {
    status: 500,
    title: 'Port already in use',
    hint: 'Stop the other program, or set PORT to a free port.',
  },
  BAD_BACKUP: { status: 500, title: 'Not a usable backup', hint: 'Nothing was changed; name another file.' },
  BAD_DATA_DIR: {
    status: 500,
    title: 'Data folder not usable',
    hint: 'Make the folder writable, or set DATA_DIR to one that is.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable
