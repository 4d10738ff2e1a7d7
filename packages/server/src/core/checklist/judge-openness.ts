/** How the server is reached, and who may come. Pure. */
import { finding } from './checklist.ts'
import type { Fault, Finding } from './checklist.ts'
import type { ChecklistFacts } from './facts.ts'

export function judgeOpenness(facts: ChecklistFacts): Finding[] {
  return [
    finding('transport', 'https', {
      passed: 'Links lead to https, or to this machine alone.',
      fault: findPlainHttp(facts),
    }),
    finding('transport', 'proxies', {
      passed: 'It is known where requests come from.',
      fault: findProxies(facts),
    }),
    finding('cookies', 'own-host', {
      passed: 'Files have a host of their own.',
      fault: findSharedHost(facts),
    }),
    finding('openness', 'every-origin', {
      passed: 'Scripts of the pages that were named, and of no others, may use links.',
      fault: findEveryOrigin(facts),
    }),
    finding('openness', 'public-folders', {
      passed: 'No folder is public.',
      fault: findPublicFolders(facts),
    }),
    finding('openness', 'blobs', {
      passed: 'Nobody reaches the bytes of files but through this server.',
      fault: findOpenBlobs(facts),
    }),
    finding('openness', 'paces', {
      passed: 'Addresses and keys have a pace that they cannot go beyond.',
      fault: findNoPace(facts),
    }),
  ]
}

function findPlainHttp({ publicUrl, filesUrl }: ChecklistFacts): Fault | null {
  const plain = [publicUrl, filesUrl].find((url) => !isPrivateWay(url))
  if (plain === undefined) return null
  return {
    found: `Links and keys go to ${plain}, where everybody on the way can read them.`,
    remedy:
      'Terminate TLS in front (docs/proxies.md), and set HALLPASS_PUBLIC_URL to the https address.',
  }
}

/** https, or a name that leads nowhere but to the machine itself. */
function isPrivateWay(url: string): boolean {
  return url.startsWith('https:') || isThisMachine(url)
}

function isThisMachine(url: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
}

function findProxies({ publicUrl, trustedProxies }: ChecklistFacts): Fault | null {
  const everybody = trustedProxies?.find((cidr) => cidr.endsWith('/0'))
  if (everybody !== undefined) {
    return {
      found: `Everybody is a trusted proxy (${everybody}), and can say to come from any address.`,
      remedy: 'Name the addresses of the proxies alone in HALLPASS_TRUSTED_PROXIES.',
    }
  }
  if (trustedProxies !== null || !publicUrl.startsWith('https:')) return null
  return {
    found:
      'The public URL is https, and no proxy is trusted: all requests seem to come from the proxy.',
    remedy: 'Name its addresses in HALLPASS_TRUSTED_PROXIES (docs/proxies.md).',
  }
}

function findSharedHost({ publicUrl, filesUrl }: ChecklistFacts): Fault | null {
  if (isThisMachine(publicUrl) || new URL(publicUrl).host !== new URL(filesUrl).host) return null
  return {
    status: 'advice',
    found: 'Files of strangers and the pages of the server share a host, and so its cookies.',
    remedy: 'Give files a name of their own: HALLPASS_FILES_URL.',
  }
}

function findEveryOrigin({ takesEveryOrigin, policy }: ChecklistFacts): Fault | null {
  if (!takesEveryOrigin || policy.corsOrigins !== undefined) return null
  return {
    status: 'advice',
    found: 'Scripts of every page there is may use links.',
    remedy: 'Name the pages in HALLPASS_CORS_ORIGINS, or in the line corsOrigins of a policy.',
  }
}

function findPublicFolders({ folders }: ChecklistFacts): Fault | null {
  const open = folders.filter(({ visibility }) => visibility === 'public').map(({ path }) => path)
  if (open.length === 0) return null
  const shown = open.slice(0, 5).join(', ')
  return {
    status: 'advice',
    found: `Everybody can read ${open.length} folders: ${shown}${open.length > 5 ? ', …' : ''}.`,
    remedy:
      'Make those private that need not be public: PUT /v1/folders/PATH {"visibility": "private"}.',
  }
}

function findOpenBlobs({ blobs }: ChecklistFacts): Fault | null {
  const bad = blobs?.find(({ status }) => status === 'failed')
  if (bad !== undefined) {
    return {
      found: `The bucket of HALLPASS_BLOBS: ${bad.found} ${bad.means}`,
      remedy: [bad.remedy, bad.command].filter((text) => text !== null).join(' '),
    }
  }
  // What its settings say may be unknown; that a stranger gets nothing is seen, or is not known.
  const tried = blobs?.find(({ id }) => id === 'unsigned-list')
  if (blobs === null || tried?.status === 'passed') return null
  return {
    status: 'advice',
    found: ['Whether the bucket of HALLPASS_BLOBS is private is not known.', tried?.found]
      .filter((text) => text !== undefined)
      .join(' '),
    remedy:
      'Look at it: with the means of the store, or where it is one of S3 with hallpass doctor and the address of HALLPASS_BLOBS.',
  }
}

function findNoPace({
  addressRequestsPerSecond,
  keyRequestsPerSecond,
}: ChecklistFacts): Fault | null {
  if (addressRequestsPerSecond > 0 && keyRequestsPerSecond > 0) return null
  return {
    status: 'advice',
    found: 'An address, or a key, may send any number of requests a second.',
    remedy: 'Set HALLPASS_ADDRESS_REQUESTS_PER_SECOND and HALLPASS_KEY_REQUESTS_PER_SECOND.',
  }
}
