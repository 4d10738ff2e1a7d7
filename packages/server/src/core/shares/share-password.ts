/**
 * The password of a share, kept as what scrypt makes of it [RFC7914]: `scrypt:15:8:1:SALT:HASH`, salt and hash in base64url, the
 * first number the binary logarithm of N.
 */
import { scrypt, timingSafeEqual } from 'node:crypto'
import type { Random } from '../../platform/random.ts'

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
/** So many at a time: each takes a thread that files are read with, and its 32 MiB. */
const MAX_AT_ONCE = 2

export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = Buffer.from(random.bytes(SALT_BYTES))
  const hashed = await derive(password, salt, COST)
  const { log2N, r, p } = COST
  return ['scrypt', log2N, r, p, salt.toString('base64url'), hashed.toString('base64url')].join(':')
}

/** Takes as long whatever the password, and tells nothing of where it differs. */
export async function isPassword(kept: string, password: string): Promise<boolean> {
  const [, log2N, r, p, salt = '', hashed = ''] = kept.split(':')
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) }
  const expected = Buffer.from(hashed, 'base64url')
  const computed = await derive(password, Buffer.from(salt, 'base64url'), cost)
  return expected.byteLength === computed.byteLength && timingSafeEqual(expected, computed)
}

/** What one keyboard writes in two ways is one password. */
function toBytes(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'))
}

let running = 0
const waiting: (() => void)[] = []

async function derive(password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> {
  if (running >= MAX_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running += 1
  try {
    return await new Promise((resolve, reject) => {
      const options = { N: 2 ** log2N, r, p, maxmem: 256 * r * 2 ** log2N }
      scrypt(toBytes(password), salt, HASH_BYTES, options, (error, key) => {
        if (error === null) resolve(key)
        else reject(error)
      })
    })
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}
