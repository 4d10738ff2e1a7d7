/**
 * Keeps apart what a signer of many is made with and what each request to it says: an option in the other's place is read by nobody.
 *
 * @module
 */
import type { AnyOptionTable, OptionTable } from './known-options.ts'
import { checkOptions, requireObject } from './known-options.ts'
import { createAsyncSigner, createSigner } from './signer.ts'
import type { AsyncSigner, PresignedRequest, Signer } from '../types.ts'
import { wrongOption } from './wrong-option.ts'

interface Places<SignerOptions, Request> {
  readonly signer: OptionTable<SignerOptions>
  readonly request: OptionTable<Request>
}

/** The names of both places. What presigns once takes those of both at once. */
export interface SignerOptionTable<SignerOptions, Request> extends Places<SignerOptions, Request> {
  readonly both: AnyOptionTable
}

/** Joins the names of both places when the table is made: a call that presigns once only reads them. */
export function signerOptionTable<SignerOptions, Request>(
  places: Places<NoInfer<SignerOptions>, NoInfer<Request>>,
): SignerOptionTable<SignerOptions, Request> {
  return { ...places, both: { ...places.signer, ...places.request } }
}

interface AnyTables {
  readonly signer: AnyOptionTable
  readonly request: AnyOptionTable
}

/** @throws {TypeError} as `checkOptions`, and for what belongs to a request */
export function checkSignerOptions(options: object, { signer, request }: AnyTables): void {
  checkPlace(options, signer, request, 'give it to sign, with each request')
}

/** @throws {TypeError} as `checkOptions`, and for what belongs to the signer */
export function checkRequestOptions(options: object, { signer, request }: AnyTables): void {
  checkPlace(options, request, signer, 'give it to the signer, when that is made')
}

function checkPlace(
  options: object,
  own: AnyOptionTable,
  others: AnyOptionTable,
  advice: string,
): void {
  requireObject(options)
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(own, name) || !Object.hasOwn(others, name)) continue
    throw wrongOption(`options must not hold ${name}: ${advice}`)
  }
  checkOptions(options, own)
}

/** What signs requests of a kind with options that are checked. */
type Prepare<SignerOptions, Request, Signed> = (
  options: SignerOptions,
) => (request: Request) => Signed

/** A signer of many. */
export function signerOf<SignerOptions extends object, Request extends object>(
  options: SignerOptions,
  names: SignerOptionTable<NoInfer<SignerOptions>, NoInfer<Request>>,
  prepare: Prepare<SignerOptions, Request, PresignedRequest>,
): Signer<Request> {
  checkSignerOptions(options, names)
  const sign = prepare(options)
  return createSigner((request) => {
    checkRequestOptions(request, names)
    return sign(request)
  })
}

/** Its asynchronous twin. */
export function asyncSignerOf<SignerOptions extends object, Request extends object>(
  options: SignerOptions,
  names: SignerOptionTable<NoInfer<SignerOptions>, NoInfer<Request>>,
  prepare: Prepare<SignerOptions, Request, Promise<PresignedRequest>>,
): AsyncSigner<Request> {
  checkSignerOptions(options, names)
  const sign = prepare(options)
  return createAsyncSigner(async (request) => {
    checkRequestOptions(request, names)
    return sign(request)
  })
}

/** Signs one request, whose options hold those of its signer. */
export function signOnce<SignerOptions extends object, Request extends object, Signed>(
  options: SignerOptions & Request,
  { both }: SignerOptionTable<NoInfer<SignerOptions>, NoInfer<Request>>,
  prepare: Prepare<SignerOptions, Request, Signed>,
): Signed {
  checkOptions(options, both)
  return prepare(options)(options)
}
