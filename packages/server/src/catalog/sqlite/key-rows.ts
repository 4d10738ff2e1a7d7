/** API keys and access keys to rows and back. */
import type {
  AccessKeyKind,
  AccessKeyRecord,
  ApiKeyRecord,
  KeyScope,
  SigningKeyState,
} from '../records.ts'
import type { AccessKeyTable, ApiKeyTable } from './schema.ts'

export function apiKeyColumns(v: ApiKeyTable): ApiKeyTable {
  return {
    id: v.id,
    name: v.name,
    secret_hash: v.secret_hash,
    scope: v.scope,
    created_at: v.created_at,
    created_by: v.created_by,
    expires_at: v.expires_at,
    revoked_at: v.revoked_at,
  }
}

export function toApiKeyRow(key: ApiKeyRecord): ApiKeyTable {
  return {
    id: key.id,
    name: key.name,
    secret_hash: key.secretHash,
    scope: JSON.stringify(key.scope),
    created_at: key.createdAt,
    created_by: key.createdBy,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
  }
}

export function toApiKeyRecord(row: ApiKeyTable): ApiKeyRecord {
  return {
    id: row.id,
    name: row.name,
    secretHash: row.secret_hash,
    scope: JSON.parse(row.scope) as KeyScope,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}

export function accessKeyColumns(v: AccessKeyTable): AccessKeyTable {
  return {
    id: v.id,
    kind: v.kind,
    name: v.name,
    sealed_secret: v.sealed_secret,
    scope: v.scope,
    max_expires_in_seconds: v.max_expires_in_seconds,
    may_presign_delete: v.may_presign_delete,
    state: v.state,
    created_at: v.created_at,
    created_by: v.created_by,
    expires_at: v.expires_at,
    revoked_at: v.revoked_at,
  }
}

export function toAccessKeyRow(key: AccessKeyRecord): AccessKeyTable {
  return {
    id: key.id,
    kind: key.kind,
    name: key.name,
    sealed_secret: key.sealedSecret,
    scope: JSON.stringify(key.scope),
    max_expires_in_seconds: key.maxExpiresInSeconds,
    may_presign_delete: key.mayPresignDelete ? 1 : 0,
    state: key.state,
    created_at: key.createdAt,
    created_by: key.createdBy,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
  }
}

export function toAccessKeyRecord(row: AccessKeyTable): AccessKeyRecord {
  return {
    id: row.id,
    kind: row.kind as AccessKeyKind,
    name: row.name,
    sealedSecret: row.sealed_secret,
    scope: JSON.parse(row.scope) as KeyScope,
    maxExpiresInSeconds: row.max_expires_in_seconds,
    mayPresignDelete: row.may_presign_delete === 1,
    state: row.state as SigningKeyState,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}
