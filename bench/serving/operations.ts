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

export const NGINX = 'nginx'
export const HELLO = 'node:http alone'
export const HALLPASS = 'hallpass'
export const HALLPASS_2 = 'hallpass, 2 workers'
/** By links with a record behind each, of the server of `HALLPASS`. */
export const HALLPASS_LINKS = 'hallpass, by links with records'
/** Of one process, which is another than that of `HALLPASS`. */
export const HALLPASS_EVENTS = 'hallpass, events switched on'
export const HALLPASS_WITHOUT_EVENTS = 'hallpass, events switched off'
export const MINIO = 'minio'
export const SEAWEEDFS = 'seaweedfs'
export const VERSITYGW = 'versitygw'
/** Of what is done by this process itself, and of lists. */
export const CONNECTIONS = 64
export const DURABLE_FLOOR = 'one at a time: write, fsync, rename, fsync of the directory'
export const HASH_FLOOR = 'MD5 and SHA-256 alone, one core'
export const DISK_FLOOR = 'one file written and synced'

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

export const PARTS = 8

export const LISTED = 1000
export const LIST_KEYS: Operation = list('list 1,000 keys of many')
export const LIST_FOLDERS: Operation = list('list 1,000 folders of many keys')

export const BULK_DELETE: Operation = {
  ...put('delete 1,000 at once, in objects', 1, 1),
  objects: 1000,
  reference: HALLPASS,
}

function list(name: string): Operation {
  return { ...get(name, 0, LISTED), connections: CONNECTIONS, reference: HALLPASS }
}

function get(name: string, bytes: number, objects: number): Operation {
  const common = { connections: 32, unit: 'requests', reference: NGINX } as const
  return { name, method: 'GET', bytes, objects, ...common }
}

export function put(name: string, bytes: number, connections: number): Operation {
  // So many that nobody replaces, and thereby deletes, much.
  const common = { objects: 20_000, unit: 'requests', reference: NGINX } as const
  return { name, method: 'PUT', bytes, connections, ...common }
}

/** The same, counted by what the server had of the processor meanwhile: what it takes is told on a busy machine too. */
export function byProcessor(operation: Operation): Operation {
  return { ...operation, name: `${operation.name}, by processor time`, reference: HALLPASS }
}

/** The name of an object of an operation, the same at every contestant. */
export function objectName({ method, bytes }: Operation, index: number): string {
  return `${method.toLowerCase()}-${bytes}/${index}`
}

/** What a ratio is hoped to reach. */
export interface Goal {
  readonly operation: string
  readonly contestant: string
  /** The slowest of them in each round: no server can be faster than either. */
  readonly against: readonly string[]
  readonly atLeast: number
}

export const GOALS: readonly Goal[] = [
  goal('GET 1 KiB', HALLPASS, NGINX, 0.45),
  goal('GET 1 KiB', HALLPASS_2, NGINX, 0.75),
  goal('GET 1 KiB', HALLPASS, HELLO, 0.65),
  goal('GET 1 KiB', HALLPASS, MINIO, 5),
  goal('GET 1 KiB', HALLPASS, SEAWEEDFS, 5),
  goal('GET 1 KiB', HALLPASS, VERSITYGW, 3),
  ...['GET 1 KiB', 'GET 1 KiB, by processor time'].flatMap((name) => [
    goal(name, HALLPASS_LINKS, HALLPASS, 0.9),
    goal(name, HALLPASS_EVENTS, HALLPASS_WITHOUT_EVENTS, 0.95),
  ]),
  goal('GET 64 KiB', HALLPASS, NGINX, 0.5),
  goal('GET 64 KiB', HALLPASS_2, NGINX, 0.7),
  goal('GET 64 KiB', HALLPASS, HELLO, 0.65),
  goal('GET 64 KiB', HALLPASS, MINIO, 5),
  goal('GET 64 KiB', HALLPASS, SEAWEEDFS, 5),
  goal('GET 64 KiB', HALLPASS, VERSITYGW, 3),
  goal('GET 1 MiB', HALLPASS, NGINX, 0.75),
  goal('GET 100 MiB, in MiB', HALLPASS, NGINX, 1.2),
  goal('PUT 1 KiB', HALLPASS, DURABLE_FLOOR, 4),
  goal('PUT 1 KiB', HALLPASS, 's3rver', 5),
  goal('PUT 1 KiB', HALLPASS, MINIO, 6),
  goal('PUT 1 KiB', HALLPASS, SEAWEEDFS, 4),
  goal('PUT 64 KiB', HALLPASS, MINIO, 2),
]

export function goal(
  operation: string,
  contestant: string,
  against: string | readonly string[],
  atLeast: number,
): Goal {
  return { operation, contestant, against: [against].flat(), atLeast }
}
