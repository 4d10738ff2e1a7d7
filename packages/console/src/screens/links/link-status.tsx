import type { Link } from '@hallpass/client'
import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/badge.tsx'

const TONES: Readonly<Record<Link['status'], Tone>> = {
  active: 'good',
  expired: 'dim',
  'used-up': 'dim',
  revoked: 'bad',
}

/** What became of a link, in one word. */
export function LinkStatus({ link }: { readonly link: Link }): ReactNode {
  if (link.status === 'active' && link.pausedAt !== null) return <Badge tone="warn">paused</Badge>
  return <Badge tone={TONES[link.status]}>{link.status}</Badge>
}

/** `2 of 5`, or how often where there is no end to it. */
export function describeUses({ uses, maxUses }: Link): string {
  return maxUses === null ? String(uses) : `${uses} of ${maxUses}`
}
