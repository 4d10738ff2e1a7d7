/** What a package.json says once it is published. */

export type Manifest = Readonly<Record<string, unknown>>

/** The sources are for this workspace alone: no package has them. */
const OF_THE_WORKSPACE = '@hallpass/source'

/** The manifest without what only the workspace has a use for: its scripts, its bar to publishing, the way to the sources. */
export function publishedManifest(manifest: Manifest): Manifest {
  const { private: _private, scripts: _scripts, ...kept } = manifest
  return 'exports' in kept ? { ...kept, exports: withoutSources(kept['exports']) } : kept
}

function withoutSources(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports
  return Object.fromEntries(
    Object.entries(exports)
      .filter(([condition]) => condition !== OF_THE_WORKSPACE)
      .map(([name, target]) => [name, withoutSources(target)]),
  )
}
