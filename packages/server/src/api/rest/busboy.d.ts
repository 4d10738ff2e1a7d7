/** The part of busboy that upload-form.ts uses; the package brings no types of its own. */
declare module 'busboy' {
  import type { Readable, Writable } from 'node:stream'

  export interface BusboyOptions {
    readonly headers: { readonly 'content-type': string }
    readonly defParamCharset?: string
    readonly limits?: {
      readonly fieldNameSize?: number
      readonly fieldSize?: number
      readonly fields?: number
      readonly files?: number
      readonly parts?: number
    }
  }

  export interface Busboy extends Writable {
    on(
      event: 'field',
      listener: (
        name: string | undefined,
        value: string,
        info: { readonly valueTruncated: boolean },
      ) => void,
    ): this
    on(
      event: 'file',
      listener: (
        name: string | undefined,
        body: Readable,
        info: { readonly filename: string | undefined; readonly mimeType: string },
      ) => void,
    ): this
    on(event: 'partsLimit' | 'close', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
  }

  export default function busboy(options: BusboyOptions): Busboy
}
