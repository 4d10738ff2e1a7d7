/** What is measured: which request, of which size, over how many connections. */

export interface Operation {
  readonly name: string
  readonly method: 'GET' | 'PUT'
  readonly bytes: number
  /** How many different objects take turns. */
  readonly objects: number
  readonly connections: number
  /** What is counted: requests, or for large bodies MiB. */
  readonly unit: 'requests' | 'MiB'
  /** The contestant every ratio refers to. */
  readonly reference: string
}

export const KIB = 1024
export const MIB: number = 1024 * KIB
export const GIB: number = 1024 * MIB

const NGINX = 'nginx'
export const DURABLE_FLOOR = 'one at a time: write, fsync, rename, fsync of the directory'
export const HASH_FLOOR = 'MD5 and SHA-256 alone, one core'

export const DOWNLOADS: readonly Operation[] = [
  get('GET 1 KiB', KIB, 256),
  get('GET 64 KiB', 64 * KIB, 64),
  get('GET 1 MiB', MIB, 16),
  { ...get('GET 100 MiB, in MiB', 100 * MIB, 1), connections: 4, unit: 'MiB' },
]

export const SMALL_UPLOADS: readonly Operation[] = [
  { ...put('PUT 1 KiB', KIB, 64), reference: DURABLE_FLOOR },
  put('PUT 64 KiB', 64 * KIB, 32),
]

export const LARGE_UPLOAD: Operation = {
  ...put('PUT 1 GiB, in MiB', GIB, 1),
  objects: 1,
  unit: 'MiB',
  reference: HASH_FLOOR,
}

function get(name: string, bytes: number, objects: number): Operation {
  const common = { connections: 32, unit: 'requests', reference: NGINX } as const
  return { name, method: 'GET', bytes, objects, ...common }
}

function put(name: string, bytes: number, connections: number): Operation {
  // So many that nobody replaces, and thereby deletes, much.
  const common = { objects: 20_000, unit: 'requests', reference: NGINX } as const
  return { name, method: 'PUT', bytes, connections, ...common }
}

/** The name of an object of an operation, the same at every contestant. */
export function objectName({ method, bytes }: Operation, index: number): string {
  return `${method.toLowerCase()}-${bytes}/${index}`
}

/** What a ratio is hoped to reach. */
export interface Goal {
  readonly operation: string
  readonly contestant: string
  readonly against: string
  readonly atLeast: number
}

const ONE = 'hallpass'
const TWO = 'hallpass, 2 workers'

export const GOALS: readonly Goal[] = [
  { operation: 'GET 1 KiB', contestant: ONE, against: NGINX, atLeast: 0.45 },
  { operation: 'GET 1 KiB', contestant: TWO, against: NGINX, atLeast: 0.75 },
  { operation: 'GET 64 KiB', contestant: ONE, against: NGINX, atLeast: 0.5 },
  { operation: 'GET 64 KiB', contestant: TWO, against: NGINX, atLeast: 0.7 },
  { operation: 'GET 1 MiB', contestant: ONE, against: NGINX, atLeast: 0.75 },
  { operation: 'GET 100 MiB, in MiB', contestant: ONE, against: NGINX, atLeast: 1.2 },
  { operation: 'PUT 1 KiB', contestant: ONE, against: DURABLE_FLOOR, atLeast: 4 },
  { operation: 'PUT 1 KiB', contestant: ONE, against: 's3rver', atLeast: 5 },
  { operation: 'PUT 1 GiB, in MiB', contestant: ONE, against: HASH_FLOOR, atLeast: 0.8 },
]
