/**
 * Who is signed in: a key, kept for this tab alone and sent as a header. There is no cookie, so that no other page can act in its name,
 * and closing the tab signs out.
 */
import { createHallpass } from '@hallpass/client'
import type { ApiKey, EndUser, Hallpass } from '@hallpass/client'
import type { ReactNode } from 'react'
import { createContext, useContext, useMemo, useState } from 'react'

const SLOT = 'hallpass.key'

export interface Session {
  readonly api: Hallpass
  readonly me: ApiKey | EndUser
  readonly signOut: () => void
}

export interface SignedIn {
  readonly key: string
  readonly me: ApiKey | EndUser
}

const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('This part of the console is for those who signed in.')
  return session
}

/** The calls of the API, with the key of whoever is signed in. */
export function useApi(): Hallpass {
  return useSession().api
}

export function createApi(key: string): Hallpass {
  return createHallpass({ url: location.origin, key })
}

export function storedKey(): string | null {
  return sessionStorage.getItem(SLOT)
}

export interface SessionProviderProps {
  readonly signedIn: SignedIn
  readonly onSignOut: () => void
  readonly children: ReactNode
}

export function SessionProvider({
  signedIn,
  onSignOut,
  children,
}: SessionProviderProps): ReactNode {
  const { key, me } = signedIn
  const session = useMemo(
    () => ({ api: createApi(key), me, signOut: onSignOut }),
    [key, me, onSignOut],
  )
  return <SessionContext value={session}>{children}</SessionContext>
}

/** What is kept of the session between two loads of the page. */
export function useSignedIn(): [SignedIn | null, (next: SignedIn | null) => void] {
  const [signedIn, setSignedIn] = useState<SignedIn | null>(null)
  const change = (next: SignedIn | null): void => {
    if (next === null) sessionStorage.removeItem(SLOT)
    else sessionStorage.setItem(SLOT, next.key)
    setSignedIn(next)
  }
  return [signedIn, change]
}
