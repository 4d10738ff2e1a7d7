/**
 * The one shape of everything that signs: a request, or a list of them.
 *
 * @module
 */
import { requireList } from './required-options.ts'
import type { AsyncSigner, PresignedRequest, Signer } from '../types.ts'

/** The signer that signs by this function. */
export function createSigner<Request>(
  sign: (request: Request) => PresignedRequest,
): Signer<Request> {
  return {
    sign,
    signAll: (requests) => {
      requireList(requests, 'requests')
      return requests.map((request) => sign(request))
    },
  }
}

/** The same, for keys or runtimes that must be waited for. */
export function createAsyncSigner<Request>(
  sign: (request: Request) => Promise<PresignedRequest>,
): AsyncSigner<Request> {
  return {
    sign,
    signAll: async (requests) => {
      requireList(requests, 'requests')
      return Promise.all(requests.map(async (request) => sign(request)))
    },
  }
}
