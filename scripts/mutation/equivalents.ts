/** Faults that are none: nobody can tell the two lines apart, for the reason given. Line breaks and runs of blanks count as one. */
export interface Judged {
  readonly why: string
  /** The line as it is, and as the fault makes it. */
  readonly faults: readonly (readonly [from: string, to: string])[]
}

export const equivalents: Readonly<Record<string, readonly Judged[]>> = {
  'src/rules/check.ts': [
    {
      why: 'An owner rule on rows names no path parameter, so it is refused a line later.',
      faults: [
        [
          "if ('owner' in rule && rule.owner !== true) return isOwner(rule.owner, facts, user)",
          "if ('owner' in rule && rule.owner !== false) return isOwner(rule.owner, facts, user)",
        ],
      ],
    },
  ],
  'src/rules/explain.ts': [
    {
      why: 'What is not there reads as undefined.',
      faults: [["return 'all' in rule ? rule.all : undefined", 'return true ? rule.all : undefined']],
    },
  ],
  'src/accounts/accounts.ts': [
    {
      why: 'No budget is kept under an absent id.',
      faults: [
        [
          "caller.kind === 'anonymous' || caller.tokenId === undefined ? undefined : room.cache.budget(caller.tokenId)",
          'false ? undefined : room.cache.budget(caller.tokenId)',
        ],
        [
          "caller.kind === 'anonymous' || caller.tokenId === undefined ? undefined : room.cache.budget(caller.tokenId)",
          "caller.kind === 'anonymous' && caller.tokenId === undefined ? undefined : room.cache.budget(caller.tokenId)",
        ],
      ],
    },
    {
      why: 'A window without a number never fills.',
      faults: [
        [
          'return endpoint.rateLimit === undefined ? undefined : { name: endpoint.id, perMinute: endpoint.rateLimit }',
          'return false ? undefined : { name: endpoint.id, perMinute: endpoint.rateLimit }',
        ],
      ],
    },
    {
      why: 'Compiles the same scopes once more: time only.',
      faults: [
        [
          'if (scopes === undefined) compiled.set(caller.scopes, (scopes = compileScopes(caller.scopes)))',
          'if (true) compiled.set(caller.scopes, (scopes = compileScopes(caller.scopes)))',
        ],
      ],
    },
  ],
  'src/accounts/credential.ts': [
    {
      why: 'Looks at one absent line behind the last.',
      faults: [
        [
          'for (let index = 0; index < source.rawHeaders.length; index += 2) {',
          'for (let index = 0; index <= source.rawHeaders.length; index += 2) {',
        ],
      ],
    },
  ],
  'src/accounts/endpoints/finish-factor.ts': [
    {
      why: 'Links for a factor are made for a user.',
      faults: [
        [
          'const user = link.user === null ? undefined : await findCredentials(room, link.user)',
          'const user = false ? undefined : await findCredentials(room, link.user)',
        ],
      ],
    },
  ],
  'src/accounts/endpoints/list-sessions.ts': [
    {
      why: 'The rule lets only users in.',
      faults: [
        [
          "const current = call.caller.kind === 'user' ? call.caller.sessionId : undefined",
          'const current = true ? call.caller.sessionId : undefined',
        ],
      ],
    },
  ],
  'src/accounts/endpoints/read-auth.ts': [
    {
      why: 'The rule lets only users in.',
      faults: [
        [
          "return { user: userJson(user), via: caller.kind === 'user' ? caller.via : 'token' }",
          "return { user: userJson(user), via: true ? caller.via : 'token' }",
        ],
      ],
    },
  ],
  'src/accounts/identify.ts': [
    {
      why: 'Asks the database for what is known: the answer is the kept one all the same.',
      faults: [['if (kept !== undefined) return kept', 'if (false) return kept']],
    },
  ],
  'src/accounts/limits.ts': [
    {
      why: 'How often an address is taken apart: time and memory only.',
      faults: [
        ['if (known !== undefined) return known', 'if (false) return known'],
        ['if (keys.size >= 10_000) keys.clear()', 'if (true) keys.clear()'],
        ['if (keys.size >= 10_000) keys.clear()', 'if (false) keys.clear()'],
        ['if (keys.size >= 10_000) keys.clear()', 'if (keys.size > 10_000) keys.clear()'],
        ['if (keys.size >= 10_000) keys.clear()', 'if (keys.size >= 10_000) ;'],
        ['keys.set(address, key)', ';'],
      ],
    },
    {
      why: 'The next line says the same of a token; this one is for the compiler.',
      faults: [["if (caller.kind === 'token') return `t${caller.tokenId}`", 'if (false) return `t${caller.tokenId}`']],
    },
  ],
  'src/accounts/links.ts': [
    {
      why: 'Saves a query: nothing is stored under such a digest.',
      faults: [
        ["if (kindOfSecret(shown.secret) !== 'link') throw badLink()", 'if (false) throw badLink()'],
        ["if (kindOfSecret(shown.secret) !== 'link') throw badLink()", "if (kindOfSecret(shown.secret) !== 'link') ;"],
      ],
    },
    {
      why: 'The column holds a number or nothing.',
      faults: [
        [
          "return work({ user: typeof row['user_id'] === 'number' ? row['user_id'] : null, data: row['data'] }, transaction)",
          "return work({ user: true ? row['user_id'] : null, data: row['data'] }, transaction)",
        ],
      ],
    },
  ],
  'src/accounts/mail.ts': [
    {
      why: 'A stream is written to the file as well as a buffer.',
      faults: [
        [
          'const made = await createTransport({ streamTransport: true, buffer: true }).sendMail({ from, ...message })',
          'const made = await createTransport({ streamTransport: true, buffer: false }).sendMail({ from, ...message })',
        ],
      ],
    },
  ],
  'src/accounts/newcomer.ts': [
    {
      why: 'A tie that there is stays as it is.',
      faults: [['if (tied === undefined) await tie(room, stranger, id)', 'if (true) await tie(room, stranger, id)']],
    },
  ],
  'src/accounts/recover.ts': [
    {
      why: 'Links of a deleted user are deleted with them, so that there is always one; for the compiler.',
      faults: [
        [
          "if (id === null) throw new PosternError('BAD_LINK', 'The account of this link is gone.')",
          "if (false) throw new PosternError('BAD_LINK', 'The account of this link is gone.')",
        ],
        [
          "if (id === null) throw new PosternError('BAD_LINK', 'The account of this link is gone.')",
          'if (id === null) ;',
        ],
        [
          'const before = link.user === null ? undefined : await findUser(room, link.user)',
          'const before = false ? undefined : await findUser(room, link.user)',
        ],
        [
          "if (before === undefined) throw new PosternError('BAD_LINK', 'The account of this link is gone.')",
          "if (false) throw new PosternError('BAD_LINK', 'The account of this link is gone.')",
        ],
        [
          "if (before === undefined) throw new PosternError('BAD_LINK', 'The account of this link is gone.')",
          'if (before === undefined) ;',
        ],
      ],
    },
  ],
  'src/accounts/room.ts': [
    {
      why: 'The column holds a number, and the row is there from the start on.',
      faults: [
        ["return typeof row?.['version'] === 'number' ? row['version'] : 0", "return true ? row['version'] : 0"],
      ],
    },
  ],
  'src/accounts/sign-in.ts': [
    {
      why: 'No two hashes are alike, since each has a salt of its own.',
      faults: [
        [
          "{ column: 'id', is: 'eq', value: user.id }, { column: 'password', is: 'eq', value: user.password },",
          "{ column: 'password', is: 'eq', value: user.password },",
        ],
      ],
    },
  ],
  'src/accounts/switch-board.ts': [
    {
      why: 'An empty board holds nothing: time only.',
      faults: [
        [
          'at: (endpoint) => (board.size === 0 ? undefined : board.get(endpoint)),',
          'at: (endpoint) => (false ? undefined : board.get(endpoint)),',
        ],
      ],
    },
  ],
  'src/accounts/totp.ts': [
    {
      why: 'What is not valid has no step.',
      faults: [
        [
          "return result.valid && 'timeStep' in result ? result.timeStep : undefined",
          'return true ? result.timeStep : undefined',
        ],
        [
          "return result.valid && 'timeStep' in result ? result.timeStep : undefined",
          "return result.valid || 'timeStep' in result ? result.timeStep : undefined",
        ],
      ],
    },
  ],
  'src/accounts/users.ts': [
    {
      why: 'A user who is not there has no sessions to end.',
      faults: [
        ['if (changed.count > 0 && endsSessions(changes)) {', 'if (changed.count >= 0 && endsSessions(changes)) {'],
      ],
    },
  ],
  'src/content/query/cursor.ts': [
    {
      why: 'A bound that an index starts from, said beside the condition that decides: leaving it out changes no row.',
      faults: [
        ['if (first === undefined || first.test !== undefined || value === null) return []', 'if (true) return []'],
      ],
    },
    {
      why: 'Another fingerprint for every list alike.',
      faults: [
        [
          'for (let index = 0; index < list.length; index++) hash = Math.imul(hash ^ list.charCodeAt(index), 0x01000193)',
          'for (let index = 0; index <= list.length; index++) hash = Math.imul(hash ^ list.charCodeAt(index), 0x01000193)',
        ],
      ],
    },
  ],
}
