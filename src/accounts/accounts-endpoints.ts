import type { DefinedEndpoint } from '../endpoint/define-endpoint.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Definition } from '../endpoint/record.ts'
import { toDefinition } from '../endpoint/to-definition.ts'
import { must } from '../errors/must.ts'
import { changePassword } from './endpoints/change-password.ts'
import { checkPassword } from './endpoints/check-password.ts'
import { clearSwitch } from './endpoints/clear-switch.ts'
import { confirmFactor } from './endpoints/confirm-factor.ts'
import { createToken } from './endpoints/create-token.ts'
import { createUser } from './endpoints/create-user.ts'
import { deactivateMe } from './endpoints/deactivate-me.ts'
import { deleteUser } from './endpoints/delete-user.ts'
import { endSession } from './endpoints/end-session.ts'
import { finishAddressChange } from './endpoints/finish-address-change.ts'
import { finishReset } from './endpoints/finish-reset.ts'
import { finishFactor } from './endpoints/finish-factor.ts'
import { finishOidc } from './endpoints/finish-oidc.ts'
import { firstAdmin } from './endpoints/first-admin.ts'
import { addressPage, factorPage, firstAdminPage, resetPage, verifyPage } from './endpoints/link-pages.ts'
import { listAudit } from './endpoints/list-audit.ts'
import { listSessions } from './endpoints/list-sessions.ts'
import { listSwitches } from './endpoints/list-switches.ts'
import { listTokens } from './endpoints/list-tokens.ts'
import { listUsers } from './endpoints/list-users.ts'
import { login } from './endpoints/login.ts'
import { logoutEverywhere } from './endpoints/logout-everywhere.ts'
import { logout } from './endpoints/logout.ts'
import { readAuth } from './endpoints/read-auth.ts'
import { readFactor } from './endpoints/read-factor.ts'
import { readMe } from './endpoints/read-me.ts'
import { readToken } from './endpoints/read-token.ts'
import { readUser } from './endpoints/read-user.ts'
import { refresh } from './endpoints/refresh.ts'
import { register } from './endpoints/register.ts'
import { removeFactor } from './endpoints/remove-factor.ts'
import { removeUserFactor } from './endpoints/remove-user-factor.ts'
import { renewRecoveryCodes } from './endpoints/renew-recovery-codes.ts'
import { revokeToken } from './endpoints/revoke-token.ts'
import { setSwitch } from './endpoints/set-switch.ts'
import { startFactor } from './endpoints/start-factor.ts'
import { startOidc } from './endpoints/start-oidc.ts'
import { startReset } from './endpoints/start-reset.ts'
import { updateMe } from './endpoints/update-me.ts'
import { updateUser } from './endpoints/update-user.ts'
import { verify } from './endpoints/verify.ts'
import type { Room } from './room.ts'

/** All that this room offers over HTTP, as ordinary records: they can be listed, hooked, renamed, blacklisted and switched off. */
export function accountsEndpoints(accounts: { readonly room: Room }): readonly Definition[] {
  return operations.map((make) => definitionOf(make(accounts.room), accounts.room.settings.apiBase))
}

const operations: readonly ((room: Room) => DefinedEndpoint)[] = [
  login,
  refresh,
  readAuth,
  logout,
  logoutEverywhere,
  checkPassword,
  listSessions,
  endSession,
  register,
  verify,
  verifyPage,
  startReset,
  finishReset,
  resetPage,
  finishAddressChange,
  addressPage,
  startOidc,
  finishOidc,
  finishFactor,
  factorPage,
  firstAdmin,
  firstAdminPage,
  readMe,
  updateMe,
  changePassword,
  deactivateMe,
  readFactor,
  startFactor,
  confirmFactor,
  renewRecoveryCodes,
  removeFactor,
  listTokens,
  readToken,
  createToken,
  revokeToken,
  listUsers,
  readUser,
  createUser,
  updateUser,
  deleteUser,
  removeUserFactor,
  listSwitches,
  setSwitch,
  clearSwitch,
  listAudit,
]

/** Bodies about people are checked by the endpoint itself (see `peopleEndpoint`), so the road only hears of their shape. */
function definitionOf(defined: DefinedEndpoint, base: string): Definition {
  const made = toDefinition(defined, {
    methods: [must(defined.method, 'every operation has a verb')].flat() as Verb[],
    path: base + must(defined.path, 'every operation has a path'),
    source: 'builtin',
    group: 'accounts',
    origin: { file: 'postern:accounts' },
    place: 'house',
  })
  const { body: _checkedInside, ...schemas } = made.schemas
  return Object.freeze({ ...made, schemas })
}
