import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { linkPage } from './link-page.ts'

const password = { name: 'password', label: 'Password', type: 'password', hint: 'new-password' }

export function verifyPage(): DefinedEndpoint {
  return linkPage({
    id: 'auth.verify_page',
    path: '/auth/verify',
    title: 'Confirm your e-mail address',
    button: 'Confirm',
    fields: [],
  })
}

export function resetPage(): DefinedEndpoint {
  return linkPage({
    id: 'auth.reset_page',
    path: '/auth/reset',
    title: 'Choose a new password',
    button: 'Set it',
    fields: [password],
  })
}

export function addressPage(): DefinedEndpoint {
  return linkPage({
    id: 'auth.address_page',
    path: '/auth/email',
    title: 'Confirm your new e-mail address',
    button: 'Confirm',
    fields: [],
  })
}

export function firstAdminPage(): DefinedEndpoint {
  const fields = [
    { name: 'name', label: 'Name', type: 'text', hint: 'username' },
    { name: 'email', label: 'E-mail address', type: 'email', hint: 'email' },
    password,
  ]
  return linkPage({
    id: 'auth.first_admin_page',
    path: '/auth/first-admin',
    title: 'The first administrator',
    button: 'Begin',
    fields,
  })
}

export function factorPage(): DefinedEndpoint {
  const code = {
    name: 'code',
    label: 'Code of your authenticator app, or a recovery code',
    type: 'text',
    hint: 'one-time-code',
  }
  return linkPage({
    id: 'auth.factor_page',
    path: '/auth/factor',
    title: 'One more step',
    button: 'Sign in',
    fields: [code],
  })
}
