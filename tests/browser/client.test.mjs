// The official OAuth client through the whole flow in a browser, with a restart of the server wherever something waits.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer } from '../interop/lib/server.mjs'
import { createAccount } from './lib/accounts.mjs'
import { farRedirect, startApp } from './lib/app.mjs'
import { browserSuite, launch, openPage } from './lib/chromium.mjs'

browserSuite('the official client', () => {
  let server
  let browser
  let app
  let carol

  before(async () => {
    server = await startServer()
    browser = await launch()
    app = await startApp(server)
    carol = await createAccount(server, 'carol.test')
  })
  after(async () => {
    await browser?.close()
    await app?.stop()
    await server?.stop()
  })

  async function restart() {
    assert.equal(await server.terminate(), 0, server.output())
    await server.start()
  }

  const write = (session) =>
    session.fetchHandler('/xrpc/com.atproto.repo.createRecord', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ repo: carol.did, collection: 'app.bsky.feed.post', record: { $type: 'app.bsky.feed.post', text: 'by OAuth', createdAt: new Date().toISOString() } }),
    })

  test('a restart of the server at any step of signing in loses nothing', async (t) => {
    const page = await openPage(t, browser)
    await app.signIn(page, carol.handle)
    await restart()
    await page.getByLabel('Password').fill(carol.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Allow access?' }).waitFor()
    await restart()

    app.whenBack(restart)
    await page.getByRole('button', { name: 'Allow' }).click()

    assert.equal(await app.answer(page), `Signed in as ${carol.did}`)
  })

  test('the session writes a record, is refreshed, and writes again', async () => {
    assert.equal((await write(app.session)).status, 200)
    const { tokenSet: before } = app.sessions.get(carol.did)

    const session = await app.client.restore(carol.did, true)

    const { tokenSet: renewed } = app.sessions.get(carol.did)
    assert.notEqual(renewed.access_token, before.access_token)
    assert.notEqual(renewed.refresh_token, before.refresh_token)
    assert.equal((await write(session)).status, 200)
  })

  test('signing out ends the session at the server', async () => {
    const session = await app.client.restore(carol.did, false)
    const { tokenSet, dpopKey } = app.sessions.get(carol.did)

    await session.signOut()

    app.sessions.set(carol.did, { tokenSet, dpopKey, authMethod: { method: 'none' } })
    await assert.rejects(app.client.restore(carol.did, true))
  })
  test('a client with keys of its own goes the same way and says who it is by its address', async (t) => {
    const page = await openPage(t, browser)
    const web = await startApp(server, { confidential: true, name: 'Bank of Trust' })
    t.after(web.stop)
    await web.signIn(page, carol.handle)
    await page.getByLabel('Password').fill(carol.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const back = page.waitForRequest((request) => request.url().startsWith(farRedirect))
    await page.getByRole('heading', { name: 'Allow access?' }).waitFor()
    assert.ok(await page.getByText(new URL(web.url).host).first().isVisible(), 'where the application is')
    assert.equal(await page.getByText('Bank of Trust').count(), 0, 'a name that nobody vouches for')
    await page.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })

    const { session } = await web.client.callback(new URL((await back).url()).searchParams)

    assert.equal((await write(session)).status, 200)
    const renewed = await web.client.restore(carol.did, true)
    assert.equal((await write(renewed)).status, 200)
    assert.deepEqual(web.sessions.get(carol.did).authMethod, { method: 'private_key_jwt', kid: 'key-1' })
    await renewed.signOut()
  })
})
