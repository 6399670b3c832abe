// The official OAuth client through the whole flow. The pages work without scripts, so plain form posts stand in for the browser.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AtpAgent, Agent } from '@atproto/api'
import { Browser } from './lib/browser.mjs'
import { createOAuthClient } from './lib/oauth.mjs'
import { startServer } from './lib/server.mjs'

const redirect = 'http://127.0.0.1:8321/callback'
const scope = 'atproto transition:generic'
const account = { handle: 'olivia.test', email: 'olivia@example.com', password: 'correct horse battery' }
let server
let did
let client
let session
const sessions = new Map()

before(async () => {
  server = await startServer()
  const agent = new AtpAgent({ service: server.url })
  await agent.createAccount(account)
  did = agent.session.did
  client = createOAuthClient(server, { redirect, scope, sessions })
})
after(() => server?.stop())

test('a user signs in and consents, and the client gets a session', async () => {
  const browser = new Browser(server.url)
  const url = await client.authorize(account.handle, { scope, state: 'mine' })

  const signIn = await browser.send(url)
  assert.match(signIn.html, /<h1>Sign in<\/h1>/)
  const wrong = await browser.submit(signIn, 'sign-in', { identifier: account.handle, password: 'wrong' })
  assert.match(wrong.html, /Invalid identifier or password/)
  const consent = await browser.submit(wrong, 'sign-in', { identifier: account.handle, password: account.password, remember: 'yes' })
  assert.match(consent.html, /<h1>Allow access\?<\/h1>/)
  const { location } = await browser.submit(consent, 'answer', { answer: 'yes' })
  assert.ok(location.startsWith(redirect), location)

  const result = await client.callback(new URL(location).searchParams)
  session = result.session
  assert.equal(result.state, 'mine')
  assert.equal(session.did, did)
})

test('the session writes records and is told no e-mail address', async () => {
  const agent = new Agent(session)

  const { data } = await agent.com.atproto.repo.createRecord({
    repo: did,
    collection: 'app.bsky.feed.post',
    record: { $type: 'app.bsky.feed.post', text: 'by OAuth', createdAt: new Date().toISOString() },
  })
  const { data: mine } = await agent.com.atproto.server.getSession()

  assert.match(data.uri, new RegExp(`^at://${did}/app.bsky.feed.post/`))
  assert.equal(mine.handle, account.handle)
  assert.equal(mine.email, undefined)
  await assert.rejects(agent.com.atproto.server.createAppPassword({ name: 'more' }), { status: 403 })
})

test('the session is refreshed, also after a restart of the server', async () => {
  const before = (await session.getTokenInfo(true)).expiresAt
  assert.equal(await server.terminate(), 0, server.output())
  await server.start()

  const restored = await client.restore(did, true)

  assert.ok((await restored.getTokenInfo(false)).expiresAt >= before)
  assert.equal((await new Agent(restored).com.atproto.server.getSession()).data.did, did)
})

test('the user says no', async () => {
  const browser = new Browser(server.url)
  const url = await client.authorize(account.handle, { scope })
  const consent = await browser.submit(await browser.send(url), 'sign-in', { identifier: account.handle, password: account.password })

  const { location } = await browser.submit(consent, 'answer', { answer: 'no' })

  await assert.rejects(client.callback(new URL(location).searchParams), /reject|denied/i)
})

test('signing out ends the session at the server', async () => {
  const { refresh_token: token } = sessions.get(did).tokenSet
  await session.signOut()

  assert.equal(sessions.has(did), false)
  assert.match(token, /^ref-/)
  await assert.rejects(client.restore(did, true))
})
