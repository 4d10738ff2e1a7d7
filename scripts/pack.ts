/**
 * `npm run pack -- FOLDER`: builds every package anew and puts what is published of it, a tarball each, into the folder
 * (`tarballs/` unless given). `npm publish` takes them from there.
 */
import process from 'node:process'
import { makeTarballs } from './pack/make-tarballs.ts'

const tarballs = makeTarballs(process.argv[2] ?? 'tarballs')
for (const path of Object.values(tarballs)) console.log(path)
