/**
 * Makes of a descriptor what the tools read of a dialect. What cannot be computed is judged by what the URL says:
 * its times, its parameters, its text.
 *
 * @module
 */
import {
  createDetection,
  presentNames,
  resourceText,
  showText,
  valuesByName,
} from '../facts/detection.ts'
import type {
  Detection,
  DetectionIssue,
  Dialect,
  DialectExplanation,
  ExplainContext,
  Explainer,
  Finding,
  ObservedRequest,
} from '../facts/dialect-facts.ts'
import { parameterFindings } from '../rules/parameter-rules.ts'
import { serverNow } from '../rules/provider-error.ts'
import { timeFindings } from '../rules/time-rules.ts'
import type { Parts, Scheme } from './scheme.ts'

const NO_END: DetectionIssue = {
  code: 'no-end',
  what: 'The URL has no end: it works until its key or what it opens is gone.',
}
const MAX_PATH = 16_384

/** The scheme in the shape of a dialect; `check` says what the keys show of its signature, where that is computed here. */
export function createSchemeDialect<Name extends string>(
  scheme: Scheme<Name>,
  check: Explainer = unchecked,
): Dialect<Name> {
  return {
    name: scheme.name,
    decode: (request) => decode(scheme, request),
    explain(context) {
      const checked = check(context)
      return { ...checked, findings: [...explain(scheme, context), ...checked.findings] }
    },
    signsQuery: scheme.signsQuery === true,
    bindsAddress: false,
    signsHeaders: false,
    isTitled: true,
    ...(scheme.weakness === undefined ? {} : { weakness: scheme.weakness }),
  }
}

function unchecked(): DialectExplanation {
  return { findings: [], signature: 'unchecked' }
}

function decode<Name extends string>(
  scheme: Scheme<Name>,
  request: ObservedRequest,
): Detection<Name> | null {
  const { url } = request
  if (url.path.length > MAX_PATH) return null
  const parts: Parts = { request, url, values: valuesByName(url.parameters) }
  if (!scheme.matches(parts)) return null
  const { startsAt = null, expiresAt = null, isEndless = false } = scheme.life(parts)
  const keyId = scheme.keyId?.(parts) ?? null
  return createDetection({
    dialect: scheme.name,
    scheme: scheme.title,
    form: formOf(scheme, parts),
    resource: { scope: 'unknown', text: resourceOf(scheme, parts) },
    startsAt,
    expiresAt,
    keyId: keyId === null ? null : showText(keyId, 120),
    secrets: secretsOf(scheme, parts),
    issues: isEndless ? [NO_END] : [],
  })
}

function formOf(scheme: Scheme, { url }: Parts): 'url' | 'header' {
  if (scheme.form !== undefined) return scheme.form
  const isInUrl = presentNames(url, scheme.secrets).length > 0 || isInPath(scheme, url.path)
  return isInUrl || scheme.secrets.length === 0 ? 'url' : 'header'
}

function isInPath({ secretInPath }: Scheme, path: string): boolean {
  return secretInPath !== undefined && path.search(secretInPath) !== -1
}

function secretsOf(scheme: Scheme, { url, request }: Parts): string[] {
  const headers = request.headers.map(([name]) => name)
  const inHeaders = scheme.secrets.filter((name) =>
    headers.some((header) => header.toLowerCase() === name.toLowerCase()),
  )
  const inUrl = presentNames(url, scheme.secrets)
  const inPath = isInPath(scheme, url.path) ? ['path'] : []
  return [...new Set([...inUrl, ...inHeaders, ...inPath])]
}

/** Host and path, without what opens the URL. */
function resourceOf({ secretInPath }: Scheme, { url }: Parts): string {
  if (secretInPath === undefined) return resourceText(url)
  return showText(url.host + url.path.replace(secretInPath, '[secret]'))
}

function explain(scheme: Scheme, context: ExplainContext): Finding[] {
  const { request, detection } = context
  const { needed = [], signature } = scheme
  const parameters =
    detection.form === 'url'
      ? parameterFindings(request.url, {
          needed,
          single: [...needed, ...scheme.secrets],
          ...(signature === undefined ? {} : { signature }),
        })
      : []
  const advice = detection.issues.map(({ code }): Finding => ({ code, confidence: 0.3 }))
  return [...parameters, ...timeFindings(livingOf(detection), serverNow(context)), ...advice]
}

/** A start that is only the time of signing says nothing of clocks here. */
function livingOf({ startsAt, expiresAt }: Detection): Pick<Detection, 'startsAt' | 'expiresAt'> {
  return { startsAt: expiresAt === null ? null : startsAt, expiresAt }
}
