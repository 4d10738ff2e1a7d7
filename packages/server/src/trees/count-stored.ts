/** The same tree, which tells how many bytes became files. Copies and moves store none. */
import type { WriteOutcome } from '../catalog/file-steps.ts'
import type { FileTree } from './file-tree.ts'

export function countStored(tree: FileTree, count: (bytes: number) => void): FileTree {
  function counted(outcome: WriteOutcome): WriteOutcome {
    if (outcome.outcome === 'committed') count(outcome.file.size)
    return outcome
  }
  return {
    ...tree,
    write: async (request) => counted(await tree.write(request)),
    uploads: {
      ...tree.uploads,
      complete: async (request) => counted(await tree.uploads.complete(request)),
    },
  }
}
