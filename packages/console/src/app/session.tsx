/**
 * Who is signed in. The browser keeps a cookie that no script reads; all the page does about it is to say with each request that it is
 * the console that asks, without which the cookie counts for nothing.
 */
import { createHallpass } from '@hallpass/client'
import type { ApiKey, EndUser, Hallpass, Person } from '@hallpass/client'
import type { ReactNode } from 'react'
import { createContext, useContext, useMemo } from 'react'

export type Me = ApiKey | EndUser | Person

export interface Session {
  readonly api: Hallpass
  readonly me: Me
  readonly signOut: () => void
}

const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('This part of the console is for those who signed in.')
  return session
}

/** The calls of the API, with the rights of whoever is signed in. */
export function useApi(): Hallpass {
  return useSession().api
}

/** `key`: to sign in with. */
export function createApi(key?: string): Hallpass {
  return createHallpass({ url: location.origin, key, headers: { 'x-hallpass-console': '1' } })
}

export interface SessionProviderProps {
  readonly me: Me
  readonly onSignOut: () => void
  readonly children: ReactNode
}

export function SessionProvider({ me, onSignOut, children }: SessionProviderProps): ReactNode {
  const session = useMemo(() => ({ api: createApi(), me, signOut: onSignOut }), [me, onSignOut])
  return <SessionContext value={session}>{children}</SessionContext>
}
