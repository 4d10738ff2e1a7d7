/** What the list of commands asks a screen for, besides to be shown. */
import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'

export type Errand = 'new-bucket' | 'share-folder' | 'new-link' | 'sweep' | 'new-key'

interface Errands {
  readonly errand: Errand | null
  readonly send: (errand: Errand | null) => void
}

const ErrandsContext = createContext<Errands | null>(null)

export function ErrandsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [errand, send] = useState<Errand | null>(null)
  const errands = useMemo(() => ({ errand, send }), [errand])
  return <ErrandsContext value={errands}>{children}</ErrandsContext>
}

export function useSendErrand(): (errand: Errand) => void {
  return useErrands().send
}

/** Those that a screen knows; each is done once. */
export function useErrand(known: Readonly<Partial<Record<Errand, () => void>>>): void {
  const { errand, send } = useErrands()
  const current = useRef(known)
  current.current = known
  useEffect(() => {
    const act = errand === null ? undefined : current.current[errand]
    if (act === undefined) return
    send(null)
    act()
  }, [errand, send])
}

function useErrands(): Errands {
  const errands = useContext(ErrandsContext)
  if (errands === null) throw new Error('Errands are of the frame of the console.')
  return errands
}
