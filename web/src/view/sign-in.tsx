import { Alert, Button, PasswordInput, TextInput } from '@mantine/core'
import { ApiError } from 'postern/client'
import { useState } from 'react'
import { house } from '../data/house.ts'

/** In production the explorer is for administrators; elsewhere this only shows that the server cannot be asked. */
export function SignIn({ error, signedIn }: { readonly error: ApiError; readonly signedIn: () => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<string>()
  if (error.status !== 401 && error.status !== 403) {
    return (
      <main className="sign-in">
        <Alert color="red" title={error.title || 'The server cannot be asked'}>
          {error.message} {error.hint}
        </Alert>
        <Button onClick={signedIn}>Try again</Button>
      </main>
    )
  }
  return (
    <main className="sign-in">
      <h1>Explorer</h1>
      <p>
        {error.status === 403
          ? 'This account is not an administrator.'
          : 'The explorer is for administrators: sign in.'}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setRefusal(undefined)
          house
            .signIn(name, password)
            .then(signedIn, (thrown: unknown) =>
              setRefusal(thrown instanceof ApiError ? thrown.message : String(thrown)),
            )
        }}
      >
        <TextInput
          label="Name or e-mail"
          autoComplete="username"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {refusal === undefined ? null : (
          <Alert color="red" role="alert">
            {refusal}
          </Alert>
        )}
        <Button type="submit">Sign in</Button>
      </form>
    </main>
  )
}
