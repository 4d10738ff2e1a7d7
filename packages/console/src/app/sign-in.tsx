import type { WaysIn } from '@hallpass/client'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Form, TextField } from '../ui/field.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { createApi } from './session.tsx'
import type { Me } from './session.tsx'
import { refusedSignIn } from './refused-sign-in.ts'
import classes from './sign-in.module.css'

/** Asks for a key, or leads to the provider that signs people in. Whoever is signed in already is let through. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: (me: Me) => void }): ReactNode {
  const [ways, setWays] = useState<WaysIn | null>(null)
  const [isTrying, setIsTrying] = useState(true)
  const [error, setError] = useState<Error | null>(refusedSignIn)

  const attempt = async (work: () => Promise<Me | null>): Promise<void> => {
    setIsTrying(true)
    try {
      const me = await work()
      if (me !== null) return onSignedIn(me)
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)))
    }
    setIsTrying(false)
  }
  const signIn = (key: string): void => {
    setError(null)
    void attempt(async () => {
      await createApi(key).session.begin()
      return createApi().me.get()
    })
  }
  useEffect(() => {
    void attempt(async () => {
      const found = await createApi().session.getWaysIn()
      setWays(found)
      return found.isSignedIn ? createApi().me.get() : null
    })
    // Once: what is typed later is tried when it is sent.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])

  return (
    <main className={classes['frame']}>
      <div className={classes['card']}>
        <h1>Hallpass</h1>
        {isTrying ? <Loading /> : <KeyForm onKey={signIn} />}
        {!isTrying && ways !== null && ways.openId !== null && (
          <>
            <p className={classes['or']}>or</p>
            <a className={classes['provider']} href="/-/console/openid">
              Sign in with {new URL(ways.openId.issuer).host}
            </a>
          </>
        )}
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
        hint="The server printed one at its first start. The page forgets it at once; you stay signed in for twelve hours."
      />
      <div>
        <Button kind="primary" type="submit">
          Sign in
        </Button>
      </div>
    </Form>
  )
}
