/** The way to a bucket: whether it is private, whose region it is, whether the clocks agree. */
import type { BucketFinding } from '../../bucket-look.ts'
import type { StoreAnswer } from '../../send/store-answer.ts'
import type { S3Calls } from '../s3-calls.ts'
import { refusalOf } from './ask-setting.ts'
import { Unseen, lookFor } from './findings.ts'
import type { Seen } from './findings.ts'

/** A signature that is older is refused. */
const MAX_SKEW_SECONDS = 900
const GOOD_SKEW_SECONDS = 30

export interface Arrival {
  readonly head: StoreAnswer
  /** By this machine's clock, in the middle of the exchange. */
  readonly atMs: number
}

export async function lookAtWay(calls: S3Calls, arrival: Arrival): Promise<BucketFinding[]> {
  return Promise.all([
    lookFor('reached', () => Promise.resolve(seeReached(arrival.head))),
    lookFor('transport', () => Promise.resolve(seeTransport(calls))),
    lookFor('region', () => seeRegion(calls, arrival.head)),
    lookFor('clock', () => Promise.resolve(seeClock(arrival))),
  ])
}

function seeReached(head: StoreAnswer): Seen {
  if (head.status === 200) {
    const means = 'The key is taken and may list.'
    return { status: 'passed', found: 'The bucket is there.', means }
  }
  const isMissing = head.status === 404
  return {
    status: 'failed',
    found: isMissing ? 'There is no such bucket.' : refusalOf('HeadBucket', head),
    means: 'A bucket that does not answer cannot be mounted, nor keep files.',
    remedy: isMissing
      ? 'Check its name and the endpoint.'
      : 'Check the key, the region and the endpoint, and allow s3:ListBucket on the bucket.',
  }
}

function seeTransport({ location }: S3Calls): Seen {
  const url = new URL(location.endpoint ?? 'https://s3.amazonaws.com')
  if (url.protocol === 'https:') {
    return { status: 'passed', found: 'The endpoint is https.', means: 'Bytes travel encrypted.' }
  }
  const isHere = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  return {
    status: isHere ? 'passed' : 'failed',
    found: isHere ? 'The endpoint is http, on this machine.' : 'The endpoint is http.',
    means: isHere ? 'Nobody else is on the way.' : 'Everybody on the way reads what is stored.',
    ...(!isHere && { remedy: 'Name an https endpoint.' }),
  }
}

async function seeRegion(calls: S3Calls, head: StoreAnswer): Promise<Seen> {
  const { region } = calls.location
  const said = head.header('x-amz-bucket-region') ?? (await askRegion(calls))
  if (said === region) {
    return { status: 'passed', found: `The region is ${region}.`, means: 'Signatures name it.' }
  }
  return {
    status: 'failed',
    found: `The bucket is in ${said}, and its address says ${region}.`,
    means:
      'Signatures for another region are refused, or lead through a redirect, which is not followed.',
    remedy: `Put region=${said} into the address.`,
  }
}

/** Buckets of the first region and of the first one in Europe have names of their own for it. */
async function askRegion(calls: S3Calls): Promise<string> {
  const answer = await calls.ask({
    operation: 'GetBucketLocation',
    method: 'GET',
    key: null,
    query: { location: '' },
    wantsText: true,
  })
  const [, name = null] = /<LocationConstraint[^>]*>([a-zA-Z0-9-]*)</.exec(answer.text ?? '') ?? []
  const isEmpty = /<LocationConstraint[^>]*\/>/.test(answer.text ?? '')
  if (answer.status !== 200 || (name === null && !isEmpty)) {
    throw new Unseen(refusalOf('GetBucketLocation', answer))
  }
  if (name === 'EU') return 'eu-west-1'
  return name === null || name === '' ? 'us-east-1' : name
}

function seeClock({ head, atMs }: Arrival): Seen {
  const theirs = Date.parse(head.header('date') ?? '')
  if (Number.isNaN(theirs)) throw new Unseen('The store does not say what time it has.')
  const seconds = Math.round(Math.abs(theirs - atMs) / 1000)
  const found = `The clocks of the store and of this machine are ${seconds} seconds apart.`
  if (seconds <= GOOD_SKEW_SECONDS) {
    return { status: 'passed', found, means: 'Links live as long as they say.' }
  }
  return {
    status: seconds > MAX_SKEW_SECONDS ? 'failed' : 'advice',
    found,
    means:
      'Links of the store begin and end too early or too late, and from 15 minutes on every request is refused.',
    remedy: 'Let both machines take the time from NTP.',
  }
}
