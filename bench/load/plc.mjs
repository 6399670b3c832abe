// A PLC directory in memory, for the servers under test: node plc.mjs PORT
import { createRequire } from 'node:module'

process.env.LOG_ENABLED ??= 'false'
const { Database, PlcServer } = createRequire(import.meta.url)('@did-plc/server')
await PlcServer.create({ db: Database.mock(), port: Number(process.argv[2]) }).start()
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(signal, () => process.exit(0))
process.send?.('ready')
