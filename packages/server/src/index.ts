/** Hallpass in a program: `startServer` takes settings and gives a running server. The rest is what the command is made of. */
export { ConfigError, formatConfig, readConfig } from './config.ts'
export type { Config, ConfigSources } from './config.ts'
export { SETTINGS, SETTING_NAMES } from './config/settings.ts'
export type { Setting, SettingName } from './config/settings.ts'
export { EXIT_REFUSED, serve } from './main.ts'
export type { ServeOptions } from './main.ts'
export { StoreError } from './platform/store-errors.ts'
export { startServer } from './start-server.ts'
export type { RunningServer, StartOptions } from './start-server.ts'
export {
  backUpService,
  checkService,
  checkServiceBackup,
  copyServiceTo,
  migrateService,
  restoreService,
} from './keeping.ts'
export type {
  BackedUp,
  Checked,
  CopiedService,
  Finding,
  Found,
  OnProgress,
  Restored,
  SchemaPlan,
} from './keeping.ts'
