import { isHallpassError } from '@hallpass/client'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useCallback, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './app/router.tsx'
import { SessionProvider, createApi } from './app/session.tsx'
import type { Me } from './app/session.tsx'
import { SignIn } from './app/sign-in.tsx'
import { UploadsProvider } from './app/uploads.tsx'
import { NoticesProvider, useNotices } from './ui/notices.tsx'
import './ui/tokens.css'

const MOST_RETRIES = 2

/** `onOver`: whoever was signed in is not any more. */
function createQueries(onOver: () => void): QueryClient {
  const onError = (error: Error): void => {
    if (isHallpassError(error, 'session-over')) onOver()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        // The client has tried again already where that helps; a refusal stays one.
        retry: (count, error) => !isHallpassError(error) && count < MOST_RETRIES,
      },
    },
  })
}

function Console(): ReactNode {
  const [me, setMe] = useState<Me | null>(null)
  const notices = useNotices()
  // What was read is of one sign-in: whoever comes next sees nothing of it.
  // oxlint-disable-next-line react/exhaustive-deps
  const queries = useMemo(() => createQueries(() => setMe(null)), [me])
  const signOut = useCallback(() => {
    const leave = async (): Promise<void> => {
      try {
        await createApi().session.end()
      } catch (error) {
        // Who is out already wanted to be.
        if (!isHallpassError(error, 'session-over')) {
          notices.fail(error instanceof Error ? error : new Error(String(error)))
          return
        }
      }
      // Who came by a provider is signed in there, too: on a machine of many the next one would be them.
      if (me !== null && 'issuer' in me) location.assign('/-/console/openid/out')
      else setMe(null)
    }
    void leave()
  }, [me, notices])
  if (me === null) return <SignIn onSignedIn={setMe} />
  return (
    <QueryClientProvider client={queries}>
      <SessionProvider me={me} onSignOut={signOut}>
        <UploadsProvider>
          <RouterProvider router={router} />
        </UploadsProvider>
      </SessionProvider>
    </QueryClientProvider>
  )
}

const root = document.querySelector('#root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <NoticesProvider>
        <Console />
      </NoticesProvider>
    </StrictMode>,
  )
}
