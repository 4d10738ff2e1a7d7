/** What this server says of a request to it, once it is asked: then what was pasted is sent there, but for the key. */
import type { ExplainRequest } from '@hallpass/client'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Failed } from '../../ui/states.tsx'
import { Causes, Signature } from './causes.tsx'

/** As the library takes it, and the API. */
export type DescribedRequest = Pick<ExplainRequest, 'url'> & {
  readonly method: string
  readonly answer?: { readonly body: string }
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

export function AskServer({ request }: { readonly request: DescribedRequest }): ReactNode {
  const { api, me } = useSession()
  const asked = useMutation({ mutationFn: () => api.explain.request(request) })
  // It tells administrators of the instance, and nobody else.
  if (!('actions' in me && me.actions.includes('admin') && me.pathPrefix === '')) return null
  return (
    <>
      <p>
        This server knows its own keys, the link, the policy and the file. Asking it sends it what
        you pasted, but no key; the URL is kept nowhere, and no use is counted.
      </p>
      <div>
        <Button onClick={() => asked.mutate()} disabled={asked.isPending}>
          Ask this server
        </Button>
      </div>
      <div aria-live="polite">
        {asked.isError && <Failed error={asked.error} />}
        {asked.data !== undefined && (
          <>
            <p>
              {asked.data.isHere
                ? 'A request to this server.'
                : 'A request to another service, of which this server knows no more.'}{' '}
              The signature is <Signature state={asked.data.signature} />
              {asked.data.link !== null && (
                <>
                  {' '}
                  <Link to="/links/$id" params={{ id: asked.data.link.id }}>
                    Look at the link
                  </Link>
                </>
              )}
            </p>
            <Causes title="What this server says, likeliest first" causes={asked.data.causes} />
          </>
        )}
      </div>
    </>
  )
}
