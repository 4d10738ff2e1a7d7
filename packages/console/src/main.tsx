import { isHallpassError } from '@hallpass/client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './app/router.tsx'
import { SessionProvider, useSignedIn } from './app/session.tsx'
import { SignIn } from './app/sign-in.tsx'
import { NoticesProvider } from './ui/notices.tsx'
import './ui/tokens.css'

const MOST_RETRIES = 2

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // The client has tried again already where that helps; a refusal stays one.
      retry: (count, error) => !isHallpassError(error) && count < MOST_RETRIES,
    },
  },
})

function Console(): ReactNode {
  const [signedIn, setSignedIn] = useSignedIn()
  if (signedIn === null) return <SignIn onSignedIn={setSignedIn} />
  const signOut = (): void => {
    queries.clear()
    setSignedIn(null)
  }
  return (
    <SessionProvider signedIn={signedIn} onSignOut={signOut}>
      <RouterProvider router={router} />
    </SessionProvider>
  )
}

const root = document.querySelector('#root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <NoticesProvider>
          <Console />
        </NoticesProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}
