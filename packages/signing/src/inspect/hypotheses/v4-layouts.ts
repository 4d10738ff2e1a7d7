/**
 * The ways in which hand-made signers of the fourth version build their texts and keys otherwise than the scheme says.
 *
 * @module
 */
import type { ObservedRequest } from '../facts/dialect-facts.ts'
import type { Variant } from './hypotheses.ts'
import { ordersOf } from './url-hypotheses.ts'
import type { V4Layout, V4View } from './v4-view.ts'

const MAX_ORDERED = 4

/** Texts that were built otherwise than the scheme says, and keys that were derived otherwise. */
export function* v4Layouts(view: V4View, request: ObservedRequest): Generator<Variant<V4View>> {
  const code = 'string-to-sign-differs'
  const wrong = (layout: V4Layout, difference: string): Variant<V4View> => {
    return { view: { ...view, layout: { ...view.layout, ...layout } }, code, facts: { difference } }
  }
  const order = 'its header lines do not stand in the order of their names'
  for (const headerOrder of headerOrders(view, request)) yield wrong({ headerOrder }, order)
  const capitals = 'the names of its headers have capitals'
  for (const headerOrder of casedNames(view, request)) yield wrong({ headerOrder }, capitals)
  yield wrong({ isQueryUnsorted: true }, 'its parameters are not sorted by name')
  yield wrong({ hasNoBlankLine: true }, 'the blank line behind its headers is missing')
  yield wrong({ isUnhashed: true }, 'it holds the canonical request itself, not its hash')
  yield wrong({ hasBareSecret: true }, 'the key was derived without AWS4 in front of the secret')
  for (const region of ['us-east-1', 'auto', '']) {
    if (region === view.scope.region) continue
    const scope = { ...view.scope, region }
    const difference = `the key was derived for the region ${region || '(empty)'}`
    yield { view: { ...view, scope }, code, facts: { difference } }
  }
}

/** Names as they were sent: in their places, and sorted with capitals first. */
function casedNames(view: V4View, request: ObservedRequest): readonly string[][] {
  const sent = request.headers.map(([name]) => name).filter(isSignedIn(view))
  const cased = view.signedHeaders.map(
    (name) => sent.find((other) => other.toLowerCase() === name) ?? name,
  )
  return [cased, cased.toSorted()]
}

function isSignedIn({ signedHeaders }: V4View): (name: string) => boolean {
  return (name) => signedHeaders.includes(name.toLowerCase())
}

/** What signers write of their own accord, in whatever order; what their callers add stands before or behind it. */
const OWN: ReadonlySet<string> = new Set([
  'host',
  'content-type',
  'x-amz-content-sha256',
  'x-amz-date',
])

/** The signer's own lines in every order, and those of its caller as they were sent or by their names. */
function* ownThenAdded(names: readonly string[], sent: readonly string[]): Generator<string[]> {
  const added = names.filter((name) => !OWN.has(name))
  const asSent = sent.filter((name) => added.includes(name))
  const rests = asSent.length === added.length ? [asSent, added] : [added]
  for (const own of ordersOf(names.filter((name) => OWN.has(name)))) {
    for (const rest of rests)
      yield* [
        [...own, ...rest],
        [...rest, ...own],
      ]
  }
}

/** As the client sent them, backwards, and for a few every order. */
function* headerOrders(view: V4View, request: ObservedRequest): Generator<readonly string[]> {
  const { signedHeaders } = view
  if (signedHeaders.length < 2) return
  const sent = request.headers.map(([name]) => name.toLowerCase()).filter(isSignedIn(view))
  const rest = signedHeaders.filter((name) => !sent.includes(name))
  yield [...rest, ...sent]
  yield [...sent, ...rest]
  yield signedHeaders.toReversed()
  if (signedHeaders.length <= MAX_ORDERED) yield* ordersOf(signedHeaders)
  else yield* ownThenAdded(signedHeaders, sent)
}
