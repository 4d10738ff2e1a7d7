/** Secrets of all kinds, under another master key. */
import type { KeyCatalog, ResealedSecret } from '../catalog.ts'
import type { SqlEngine, Statement } from './script.ts'

type Resealed = Omit<ResealedSecret, 'holder'>

export function createResealing({ query, prepare, write }: SqlEngine): Pick<KeyCatalog, 'reseal'> {
  const at: Readonly<Record<ResealedSecret['holder'], Statement<Resealed, unknown>>> = {
    'access-key': prepare((v: Resealed) =>
      query
        .updateTable('access_keys')
        .set({ sealed_secret: v.to })
        .where('id', '=', v.id)
        .where('sealed_secret', '=', v.from),
    ),
    webhook: prepare((v: Resealed) =>
      query
        .updateTable('webhooks')
        .set({ sealed_secret: v.to })
        .where('id', '=', v.id)
        .where('sealed_secret', '=', v.from),
    ),
    'webhook-previous': prepare((v: Resealed) =>
      query
        .updateTable('webhooks')
        .set({ sealed_previous: v.to })
        .where('id', '=', v.id)
        .where('sealed_previous', '=', v.from),
    ),
    mount: prepare((v: Resealed) =>
      query
        .updateTable('mounts')
        .set({ sealed_secret: v.to })
        .where('bucket', '=', v.id)
        .where('sealed_secret', '=', v.from),
    ),
  }
  return {
    reseal: (secrets) =>
      write(
        function* () {
          let count = 0
          for (const { holder, ...secret } of secrets) count += yield* at[holder].run(secret)
          return count
        },
        { isUrgent: true },
      ),
  }
}
