/** The keys that belong to one file of vectors: those its vectors name, and Google's beside its official vectors. */

export interface PemPair {
  readonly private: string
  readonly public: string
}

export interface ServiceAccount {
  readonly client_email: string
  readonly private_key: string
}

/** The keys as data, which goes into any runtime. */
export interface VectorKeyData {
  readonly pairs: Readonly<Record<string, PemPair>>
  /** The first RSA pair among them. */
  readonly rsa: PemPair | null
  /** The service account whose key file (`….not-a-test.json`) lies beside the vectors, with the public half of its key. */
  readonly serviceAccount: (ServiceAccount & { readonly publicKey: string }) | null
}

export interface VectorKeys {
  /** The pair of that name; throws if the folder has none. */
  readonly pem: (name: string) => PemPair
  /** Any RSA pair, for vectors that any key may sign. */
  readonly anyRsa: () => PemPair
  /** Throws if no key file lies beside the vectors. */
  readonly serviceAccount: () => ServiceAccount
  /** The public half of its key. */
  readonly servicePublicKey: () => string
}

export function createVectorKeys({ pairs, rsa, serviceAccount }: VectorKeyData): VectorKeys {
  return {
    pem: (name) => present(pairs[name], `keys/ has no key pair ${name}`),
    anyRsa: () => present(rsa, 'keys/ has no RSA key pair'),
    serviceAccount() {
      const { client_email, private_key } = present(serviceAccount, NO_ACCOUNT)
      return { client_email, private_key }
    },
    servicePublicKey: () => present(serviceAccount, NO_ACCOUNT).publicKey,
  }
}

const NO_ACCOUNT = 'there is no key file *.not-a-test.json beside the vectors'

function present<Value>(value: Value | null | undefined, problem: string): Value {
  if (value === null || value === undefined) throw new Error(problem)
  return value
}
