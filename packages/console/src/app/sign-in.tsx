import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Form, TextField } from '../ui/field.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { createApi, storedKey } from './session.tsx'
import type { SignedIn } from './session.tsx'
import classes from './sign-in.module.css'

/** Asks for a key until one works. A key that this tab had before is tried first. */
export function SignIn({
  onSignedIn,
}: {
  readonly onSignedIn: (signedIn: SignedIn) => void
}): ReactNode {
  const [isTrying, setIsTrying] = useState(storedKey() !== null)
  const [error, setError] = useState<Error | null>(null)

  const attempt = async (key: string): Promise<void> => {
    setIsTrying(true)
    setError(null)
    try {
      onSignedIn({ key, me: await createApi(key).me.get() })
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)))
      setIsTrying(false)
    }
  }
  useEffect(() => {
    const key = storedKey()
    if (key !== null) void attempt(key)
    // Once: what is typed later is tried when it is sent.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])

  return (
    <main className={classes['frame']}>
      <div className={classes['card']}>
        <h1>Hallpass</h1>
        {isTrying ? <Loading /> : <KeyForm onKey={(key) => void attempt(key)} />}
        {error !== null && <Failed error={error} />}
      </div>
    </main>
  )
}

function KeyForm({ onKey }: { readonly onKey: (key: string) => void }): ReactNode {
  const [key, setKey] = useState('')
  return (
    <Form onSubmit={() => onKey(key.trim())}>
      <TextField
        label="API key"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={key}
        onChange={(event) => setKey(event.target.value)}
        hint="The server printed one at its first start. It is kept in this tab alone, until the tab is closed."
      />
      <div>
        <Button kind="primary" type="submit">
          Sign in
        </Button>
      </div>
    </Form>
  )
}
