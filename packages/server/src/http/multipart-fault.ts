/** A form that is none. The message says why, and repeats nothing that the client sent. */
export class MultipartFault extends Error {
  override readonly name: string = 'MultipartFault'
}
