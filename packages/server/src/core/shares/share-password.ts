/**
 * The password of a share, kept as what scrypt makes of it [RFC7914]: `scrypt:15:8:1:SALT:HASH`, salt and hash in base64url, the
 * first number the binary logarithm of N.
 */
import { scrypt, timingSafeEqual } from 'node:crypto'
import type { Random } from '../../platform/random.ts'
import { createLane } from './lane.ts'
import type { Lane } from './lane.ts'

interface Cost {
  /** Binary logarithm of N. */
  readonly log2N: number
  readonly r: number
  readonly p: number
}

/** 32 MiB and some tens of milliseconds a guess. */
const COST: Cost = { log2N: 15, r: 8, p: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/**
 * So many at a time: each takes a thread that files are read with, and its 32 MiB. Whoever sets passwords, with a key, does not hold up
 * those who know one.
 */
const check: Lane = createLane(2, Number.POSITIVE_INFINITY)
const make: Lane = createLane(1, 100)

/** Throws a `StoreError` where too many are set at once. */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = Buffer.from(random.bytes(SALT_BYTES))
  const hashed = await make(() => derive(password, salt, COST))
  const { log2N, r, p } = COST
  return ['scrypt', log2N, r, p, salt.toString('base64url'), hashed.toString('base64url')].join(':')
}

/** Takes as long whatever the password, and tells nothing of where it differs. */
export async function isPassword(kept: string, password: string): Promise<boolean> {
  const [, log2N, r, p, salt = '', hashed = ''] = kept.split(':')
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) }
  const expected = Buffer.from(hashed, 'base64url')
  const computed = await check(() => derive(password, Buffer.from(salt, 'base64url'), cost))
  return expected.byteLength === computed.byteLength && timingSafeEqual(expected, computed)
}

/** What one keyboard writes in two ways is one password. */
function toBytes(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'))
}

async function derive(password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> {
  const options = { N: 2 ** log2N, r, p, maxmem: 256 * r * 2 ** log2N }
  return new Promise((resolve, reject) => {
    scrypt(toBytes(password), salt, HASH_BYTES, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
