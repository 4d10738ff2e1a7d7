/**
 * The system calls the disk store makes, as promises over plain descriptors: handles of `fs/promises` cost more a call,
 * and tests put faults in here.
 */
import * as fs from 'node:fs'
import type { Dirent, Stats, StatsFs } from 'node:fs'

export interface FileCalls {
  readonly open: (path: string, flags: number, mode: number) => Promise<number>
  /** Of an open file: never waits for the disk. */
  readonly stat: (fd: number) => Stats
  readonly lstat: (path: string) => Promise<Stats>
  /** Resolves to how many bytes; 0 at the end of the file. */
  readonly read: (
    fd: number,
    buffer: Uint8Array,
    length: number,
    position: number,
  ) => Promise<number>
  /** Resolves to how many bytes, which may be fewer than were given. */
  readonly write: (fd: number, chunks: readonly Uint8Array[], position: number) => Promise<number>
  readonly sync: (fd: number) => Promise<void>
  readonly close: (fd: number) => Promise<void>
  readonly link: (from: string, to: string) => Promise<void>
  readonly unlink: (path: string) => Promise<void>
  readonly mkdir: (path: string, mode: number) => Promise<void>
  readonly readdir: (path: string) => Promise<Dirent[]>
  /** How many bytes the file system has room for. */
  readonly freeBytes: (path: string) => Promise<number>
}

export const systemFileCalls: FileCalls = {
  open: (path, flags, mode) => promise((done) => fs.open(path, flags, mode, done)),
  stat: (fd) => fs.fstatSync(fd),
  lstat: (path) => promise((done) => fs.lstat(path, done)),
  read: (fd, buffer, length, position) =>
    promise((done) => fs.read(fd, buffer, 0, length, position, done)),
  write: (fd, chunks, position) => promise((done) => fs.writev(fd, chunks, position, done)),
  sync: (fd) => settled((done) => fs.fsync(fd, done)),
  close: (fd) => settled((done) => fs.close(fd, done)),
  link: (from, to) => settled((done) => fs.link(from, to, done)),
  unlink: (path) => settled((done) => fs.unlink(path, done)),
  mkdir: (path, mode) => settled((done) => fs.mkdir(path, mode, done)),
  readdir: (path) => promise((done) => fs.readdir(path, { withFileTypes: true }, done)),
  freeBytes: async (path) => {
    const { bavail, bsize } = await promise<StatsFs>((done) => fs.statfs(path, done))
    return bavail * bsize
  },
}

function promise<Result>(
  call: (done: (error: Error | null, result: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    call((error, result) => {
      if (error === null) resolve(result)
      else reject(error)
    })
  })
}

function settled(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      // Some calls report success as undefined.
      if (error instanceof Error) reject(error)
      else resolve()
    })
  })
}
