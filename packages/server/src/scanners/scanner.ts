/** The port to whoever looks for malware in the bytes of a file. */

export interface Scanner {
  /**
   * Takes the bytes as fast as it can look at them; it may know before their end. Rejects only with what `bytes` throws, and when
   * `signal` aborts.
   */
  scan(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ScanResult>
}

export type ScanResult =
  | { readonly outcome: 'clean' }
  /** What it found, in its own words. */
  | { readonly outcome: 'found'; readonly name: string }
  /** It takes no file as large as this. */
  | { readonly outcome: 'too-large' }
  /** It did not answer, or with something nobody understands; `why` is for logs. */
  | { readonly outcome: 'lost'; readonly why: string }
