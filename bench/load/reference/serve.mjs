// The reference server, configured by PDS_* variables alone, as its image starts it.
import { readEnv, envToCfg, envToSecrets, PDS } from '@atproto/pds'

const env = readEnv()
const server = await PDS.create(envToCfg(env), envToSecrets(env))
await server.start()
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    setTimeout(() => process.exit(0), 3000).unref()
    server.destroy().finally(() => process.exit(0))
  })
}
