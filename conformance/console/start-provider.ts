/** A provider of OpenID Connect on the loopback interface, with accounts that a test makes. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export interface Account {
  readonly email: string
  /** Read each time somebody signs in; `null`: the provider says nothing of groups. */
  groups: readonly string[] | null
}

export interface RunningProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly accounts: Map<string, Account>
  /** Lets people be sent back there. */
  allow(callback: string): void
  stop(): Promise<void>
}

const CLIENT_ID = 'hallpass'
const CLIENT_SECRET = 'a-secret-of-more-than-thirty-two-letters'

/** Its own pages for development ask for any name and any password. */
export async function startProvider(): Promise<RunningProvider> {
  const accounts = new Map<string, Account>()
  const callbacks = ['http://127.0.0.1:1/-/console/openid/callback']
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const make = (): Provider =>
    new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [...callbacks],
          post_logout_redirect_uris: callbacks.map((url) => url.replace('/openid/callback', '')),
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
      findAccount: (_context, sub) => {
        const account = accounts.get(sub)
        if (account === undefined) return undefined
        const { email, groups } = account
        const claims = { sub, email, ...(groups !== null && { groups: [...groups] }) }
        return { accountId: sub, claims: () => claims }
      },
      pkce: { required: () => true },
      // A machine that is busy takes its time from a code to its use.
      ttl: { AuthorizationCode: 600 },
      cookies: { keys: ['only for tests'] },
      // Its pages load nothing from elsewhere in a test.
      renderError: (context, out) => {
        context.type = 'text'
        context.body = JSON.stringify(out)
      },
    })
  let answer = make().callback()
  return {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    accounts,
    allow(callback) {
      callbacks.push(callback)
      answer = make().callback()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
