/**
 * Does the time to refuse a signature tell how much of it was right? The right one, one with a wrong first digit and one with a wrong
 * last digit take turns in random order, 20,000 times each.
 *
 *     npm run bench -- timing [--json] [--samples=20000]
 *
 * How to read it. `t` is the distance of two means in standard errors. A comparison that stops at the first difference would refuse a
 * wrong first digit sooner than a wrong last one: a `t` beyond 4.5 either way, in run after run and with the same sign, is such a
 * leak. Beyond 4.5 once is a busy machine. `stops early` is what a leak looks like, so that one sees what the run can tell.
 * For `verifyS3` only first against last counts: a right signature is answered and a wrong one thrown, which everybody sees anyhow.
 */
import type { RawRequest } from '@hallpass/signing'
import { presignS3, verifyS3 } from '@hallpass/signing/s3'
import { equalText } from '../../packages/signing/src/lib/constant-time.ts'
import { describeMachine, readVersions } from '../lib/report.ts'
import { describeLot, findBound, welchT } from './welch.ts'
import type { Lot } from './welch.ts'

type Kind = 'right' | 'first' | 'last'

/** What is measured. It cannot tell the kind of an input by anything but what it is there to tell it by. */
interface Subject<Input> {
  readonly inputs: Readonly<Record<Kind, readonly Input[]>>
  readonly run: (input: Input) => unknown
}

interface Result {
  readonly name: string
  readonly lots: readonly Lot[]
  readonly t: Readonly<Record<string, number>>
}

const KINDS: readonly Kind[] = ['right', 'first', 'last']
const REQUESTS = 64
const WARM_UP = 2000
/** A comparison alone is shorter than the clock can tell. */
const COMPARISONS_A_SAMPLE = 64
const REGION = 'us-east-1'
const HOST = 'files.example.com'
const SIGNATURE = '&X-Amz-Signature='
const CREDENTIALS = {
  accessKeyId: 'HPTIMINGEXPERIMENT23',
  secretAccessKey: 'timing/secret+0123456789abcdefghijklmnop',
}
const now = new Date()

function signRequests(): { readonly target: string; readonly signature: string }[] {
  return Array.from({ length: REQUESTS }, (_, index) => {
    const { url } = presignS3({
      method: 'GET',
      endpoint: `https://${HOST}`,
      bucket: 'acme',
      key: `report-${index}.pdf`,
      addressing: 'path',
      region: REGION,
      credentials: CREDENTIALS,
      expiresInSeconds: 300,
      now,
    })
    const [target = '', signature = ''] = url.slice(`https://${HOST}`.length).split(SIGNATURE)
    return { target, signature }
  })
}

/** Through bytes, as from a socket: one flat piece of text. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function change(signature: string, kind: Kind): string {
  if (kind === 'right') return flat(signature)
  const at = kind === 'first' ? 0 : signature.length - 1
  const digit = signature[at] === '0' ? '1' : '0'
  return flat(signature.slice(0, at) + digit + signature.slice(at + 1))
}

function inputsOf<Input>(
  make: (kind: Kind, target: string, signature: string) => Input,
): Subject<Input>['inputs'] {
  const inputs: Record<Kind, Input[]> = { right: [], first: [], last: [] }
  for (const { target, signature } of signRequests()) {
    for (const kind of shuffledKinds()) inputs[kind].push(make(kind, target, signature))
  }
  return inputs
}

interface Pair {
  readonly expected: string
  readonly given: string
}

function comparison(equal: (a: string, b: string) => boolean): Subject<Pair> {
  return {
    inputs: inputsOf((kind, _target, signature) => ({
      expected: flat(signature),
      given: change(signature, kind),
    })),
    run: ({ expected, given }) => {
      let result = false
      for (let round = 0; round < COMPARISONS_A_SAMPLE; round += 1) {
        result = equal(expected, given)
      }
      return result
    },
  }
}

/** What nobody should write. */
function stopsEarly(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) {
    if (a.charCodeAt(index) !== b.charCodeAt(index)) return false
  }
  return true
}

function verification(): Subject<RawRequest> {
  const options = { region: REGION, now, lookup: () => CREDENTIALS }
  return {
    inputs: inputsOf((kind, target, signature) => ({
      method: 'GET',
      target: flat(target + SIGNATURE + change(signature, kind)),
      headers: ['Host', HOST],
    })),
    run: (request) => {
      try {
        return verifyS3(request, options)
      } catch (error) {
        return error
      }
    },
  }
}

/** Each kind once, in an order that nobody foresees. */
function shuffledKinds(): Kind[] {
  return KINDS.map((kind) => ({ kind, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ kind }) => kind)
}

function sample<Input>({ inputs, run }: Subject<Input>, samples: number): Record<Kind, number[]> {
  const times: Record<Kind, number[]> = { right: [], first: [], last: [] }
  for (let round = -WARM_UP; round < samples; round += 1) {
    const request = Math.floor(Math.random() * REQUESTS)
    for (const kind of shuffledKinds()) {
      const input = inputs[kind][request]
      if (input === undefined) continue
      const start = process.hrtime.bigint()
      run(input)
      const took = Number(process.hrtime.bigint() - start)
      if (round >= 0) times[kind].push(took)
    }
  }
  return times
}

function study<Input>(name: string, subject: Subject<Input>, samples: number): Result {
  const times = sample(subject, samples)
  const bound = findBound([times.first, times.last])
  const boundOfAll = Math.max(bound, findBound([times.right]))
  return {
    name,
    lots: KINDS.map((kind) => describeLot(kind, times[kind], boundOfAll)),
    t: {
      'first against last': welchT(times.first, times.last, bound),
      'right against first': welchT(times.right, times.first, boundOfAll),
      'right against last': welchT(times.right, times.last, boundOfAll),
    },
  }
}

const asJson = process.argv.includes('--json')
const given = process.argv.find((argument) => argument.startsWith('--samples='))
const samples = given === undefined ? 20_000 : Number(given.slice('--samples='.length))
const results = [
  study(`equalText, ${COMPARISONS_A_SAMPLE} times`, comparison(equalText), samples),
  study(`stops early, ${COMPARISONS_A_SAMPLE} times`, comparison(stopsEarly), samples),
  study('verifyS3', verification(), samples),
]
const machine = describeMachine()
const versions = readVersions([])
if (asJson) {
  console.log(JSON.stringify({ machine, versions, samples, results }, null, 2))
} else {
  console.log(`${Object.values(machine).join(' · ')} · node ${versions['node']}`)
  console.log(`${samples} samples of each, times in nanoseconds, the slowest twentieth left out`)
  for (const { name, lots, t } of results) {
    console.log(`\n${name.padEnd(24)}${'mean'.padStart(10)}${'median'.padStart(10)}`)
    for (const lot of lots) {
      const label = lot.name === 'right' ? 'right' : `wrong ${lot.name} digit`
      console.log(
        `  ${label.padEnd(22)}${lot.mean.toFixed(0).padStart(10)}${lot.median.toFixed(0).padStart(10)}`,
      )
    }
    for (const [pair, value] of Object.entries(t)) {
      console.log(`  t, ${pair.padEnd(20)}${value.toFixed(2).padStart(9)}`)
    }
  }
}
