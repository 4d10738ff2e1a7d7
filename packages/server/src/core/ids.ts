/** Stands here until its importers name platform/ids.ts themselves. */
export {
  createAccessKeyId,
  createId,
  createOrderedId,
  createSecretText,
} from '../platform/ids.ts'
