/** The master keys, from which every key that seals is derived: one seals, those before it only open what they sealed. */

export interface MasterKeyset {
  /** 32 bytes each, the newest first. */
  readonly keys: readonly [Uint8Array, ...Uint8Array[]]
  /** Milliseconds: since when the first one seals; `null` where nobody knows. */
  readonly since: number | null
}

export interface MasterKeys {
  /** As they stand at this moment, whichever process changed them. The same object while they stand. */
  current(): MasterKeyset
  /** How the server changes them itself; `null` where they come from a setting, and a person does. */
  readonly change: MasterKeyChange | null
}

export interface MasterKeyChange {
  /** Resolves when a new key seals, and a power cut cannot take it back. False if another process changes them right now. */
  rotate(): boolean
  /** Lets go of all but the first. False like above. */
  dropPrevious(): boolean
}

/** For programs that hold the key themselves. */
export function fixedMasterKeys(...keys: readonly [Uint8Array, ...Uint8Array[]]): MasterKeys {
  const keyset: MasterKeyset = { keys, since: null }
  return { current: () => keyset, change: null }
}
