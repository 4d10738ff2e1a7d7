/** What follows from how a request came to the server, and what to do about it. */
import type { Connection } from '@hallpass/client'
import { isOfThisMachine } from '../../ui/is-of-this-machine.ts'

export interface Verdict {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly says: string
}

/** `here`: the origin that the browser shows; `isAnswering`: whether something answers at the public address, `null` before it is known. */
export function judgePublicUrl(
  { publicUrl }: Connection,
  here: string,
  isAnswering: boolean | null,
): Verdict {
  if (isAnswering === false) {
    return { tone: 'bad', says: `${publicUrl}: nothing answers there from this browser.` }
  }
  if (publicUrl.startsWith('http:') && !isOfThisMachine(publicUrl)) {
    return {
      tone: 'warn',
      says: `${publicUrl}: whoever is on the way reads links and files. Put TLS before it.`,
    }
  }
  if (publicUrl !== here) {
    return { tone: 'warn', says: `${publicUrl}, and you are at ${here}: set HALLPASS_PUBLIC_URL.` }
  }
  return { tone: 'good', says: publicUrl }
}

export function judgeFiles({ filesUrl, reach }: Connection): Verdict {
  switch (reach) {
    case 'machine':
      return {
        tone: 'warn',
        says: `${filesUrl} leads to the machine it is opened on: strangers cannot open links with it, so that none is shown without a word. Set HALLPASS_PUBLIC_URL.`,
      }
    case 'network':
      return { tone: 'warn', says: `${filesUrl} is known in your network alone.` }
    case 'anybody':
      return { tone: 'good', says: `${filesUrl}, by its name anybody can open.` }
  }
}

export function judgeProxy({ address, peer, forwardedBy }: Connection): Verdict {
  const [header] = forwardedBy
  if (header !== undefined && address === peer) {
    return {
      tone: 'bad',
      says: `${address}, which is a proxy: it says in ${header} for whom it asks, and is not believed. Name it in HALLPASS_TRUSTED_PROXIES, or everybody has its address.`,
    }
  }
  if (header !== undefined) return { tone: 'good', says: `${address}, by way of ${peer}.` }
  return { tone: 'good', says: `${address}.` }
}
