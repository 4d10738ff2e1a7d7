/** One request that changes something: the ledger knows of it before it is sent, and what became of it after. */
import type { Change, Ledger } from './ledger.ts'
import { UnexpectedAnswer } from './rest-client.ts'

/** Rejects when the connection broke: then both may be so. */
export async function send(
  ledger: Ledger,
  changes: Change | readonly Change[],
  { request, expected }: { readonly request: () => Promise<number>; readonly expected: number },
): Promise<void> {
  // Several are one request of which each happens or not.
  const each = 'length' in changes ? changes : [changes]
  const pending = each.map((change) => ledger.begin(change))
  const status = await request()
  if (status !== expected) {
    for (const one of pending) one.refuse()
    const names = each.flatMap((change) => [...change.keys()])
    throw new UnexpectedAnswer(`${names.join(', ')}: status ${status}`)
  }
  for (const one of pending) one.acknowledge()
}
