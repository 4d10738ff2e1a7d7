/**
 * What CloudFront answers to a signed request it refuses: for each code its cause and what to do.
 * The codes a dialect's own rules read by their wording too are in its `explain-answer.ts`.
 *
 * @module
 */
import type { KnownAnswers } from './known-answers.ts'

export const CLOUDFRONT_ANSWERS: KnownAnswers = {
  InvalidKey: [
    'key-unknown',
    "the id of the key pair is in no key group of the distribution's behaviour",
  ],
  MissingKey: [
    'parameter-missing',
    'Key-Pair-Id did not reach CloudFront: the URL or the cookies were cut, or the behaviour wants a signature and none came',
  ],
  MissingKeyPairId: ['parameter-missing', 'Key-Pair-Id did not reach CloudFront'],
  MissingPolicy: ['parameter-missing', 'neither Policy nor Expires reached CloudFront'],
  MissingSignature: ['parameter-missing', 'Signature did not reach CloudFront'],
  MalformedKeyPairId: ['parameter-malformed', 'Key-Pair-Id is not the id of a public key'],
  MalformedExpires: ['parameter-malformed', 'Expires is no whole number of seconds'],
}
