// What signing in takes beside a password, or in its place: authenticator apps, recovery codes, trusted browsers, passkeys.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer } from '../interop/lib/server.mjs'
import { createAccount } from './lib/accounts.mjs'
import { startApp } from './lib/app.mjs'
import { browserSuite, inspect, launch, openPage } from './lib/chromium.mjs'
import { appCode, plugInAuthenticator } from './lib/factors.mjs'
import { compareLanguages } from './lib/language.mjs'
import { newestMail } from './lib/mailbox.mjs'

browserSuite('security', () => {
  let server
  let browser
  let app

  before(async () => {
    server = await startServer()
    browser = await launch()
    app = await startApp(server)
  })
  after(async () => {
    await browser?.close()
    await app?.stop()
    await server?.stop()
  })

  const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const press = (page, name) => page.getByRole('button', { name, exact: true }).click()
  const follow = (page, name) => page.getByRole('link', { name, exact: true }).click()

  /** Gives name and password, where they are asked for. */
  async function signIn(page, account) {
    await heading(page, 'Sign in')
    const name = page.getByLabel('Handle or e-mail address')
    if (await name.isEditable()) await name.fill(account.handle)
    await page.getByLabel('Password').fill(account.password)
    await press(page, 'Sign in')
  }

  /** Gives a code of the app, or one in its place. */
  async function giveCode(page, code, { trust = false } = {}) {
    await page.getByLabel('Code from your authenticator app').fill(code)
    if (trust) await page.getByLabel('Do not ask for a code in this browser for 30 days').check()
    await press(page, 'Sign in')
  }

  /** A new account, and a page that shows what its signing in takes. */
  async function enter(t, handle, profile) {
    const account = await createAccount(server, handle)
    const page = await openPage(t, browser, profile)
    await page.goto(`${server.url}/account/security`)
    await signIn(page, account)
    await heading(page, 'Security')
    return { account, page }
  }

  /** Sets up an authenticator app. Its codes work once, so each is that of another half minute: now, then the next. */
  async function setUpApp(page, look = async () => {}) {
    await follow(page, 'Set up an authenticator app')
    await look('security-app')
    const secret = await page.locator('.secret').innerText()
    await page.getByLabel('Code that the app shows').fill('000000')
    await press(page, 'Turn the app on')
    await page.getByRole('alert').waitFor()
    const now = Date.now()
    await page.getByLabel('Code that the app shows').fill(appCode(secret, now - 30_000))
    await press(page, 'Turn the app on')
    await page.getByRole('link', { name: 'I have kept them' }).waitFor()
    await look('security-codes')
    const codes = await page.getByRole('listitem').locator('code').allInnerTexts()
    await follow(page, 'I have kept them')
    await heading(page, 'Security')
    return { codes, now: () => appCode(secret, now), next: () => appCode(secret, now + 30_000) }
  }

  test('an authenticator app guards signing in, and recovery codes stand in for it', async (t) => {
    const { account, page } = await enter(t, 'anna.test', { phone: true })
    await inspect(page, 'security')
    const phone = await setUpApp(page, (name) => inspect(page, name))
    await inspect(page, 'security-with-app')
    assert.ok(phone.codes.length >= 8, String(phone.codes))

    const other = await openPage(t, browser)
    await app.signIn(other, account.handle)
    await signIn(other, account)
    await inspect(other, 'sign-in-app-code')
    await giveCode(other, '000000')
    await other.getByRole('alert').waitFor()
    await giveCode(other, phone.now())
    await press(other, 'Allow')
    assert.equal(await app.answer(other), `Signed in as ${account.did}`)

    await app.signIn(other, account.handle)
    await signIn(other, account)
    await giveCode(other, phone.now())
    await other.getByRole('alert').waitFor()
    await giveCode(other, phone.codes[0])
    await press(other, 'Allow')
    assert.equal(await app.answer(other), `Signed in as ${account.did}`)
    await app.signIn(other, account.handle)
    await signIn(other, account)
    await giveCode(other, phone.codes[0])
    await other.getByRole('alert').waitFor()

    await page.reload()
    await page.getByText(`Recovery codes left: ${phone.codes.length - 1}`).waitFor()
    await press(page, 'Turn the app off')
    assert.match(await page.getByRole('status').innerText(), /no code/)
  })

  test('without scripts a browser is trusted, until it is not any more', async (t) => {
    const { account, page } = await enter(t, 'ben.test', { scripts: false })
    const phone = await setUpApp(page)
    const other = await openPage(t, browser, { scripts: false })
    await app.signIn(other, account.handle)
    await signIn(other, account)
    await giveCode(other, phone.now(), { trust: true })
    await press(other, 'Deny')

    await app.signIn(other, account.handle)
    await signIn(other, account)
    await press(other, 'Deny')
    await page.reload()
    await inspect(page, 'security-trusted')
    await press(page, 'Ask for a code there')
    await app.signIn(other, account.handle)
    await signIn(other, account)

    await other.getByLabel('Code from your authenticator app').waitFor()
  })

  test('a passkey signs in without a password, to the account and to an application, until it is removed', async (t) => {
    const { account, page } = await enter(t, 'cleo.test')
    const device = await plugInAuthenticator(page)
    await follow(page, 'Add a passkey')
    await page.getByLabel('Name').fill('my laptop')
    await inspect(page, 'security-passkey')
    await press(page, 'Add a passkey')
    assert.match(await page.getByRole('status').innerText(), /ready/)
    await inspect(page, 'security-with-passkey')
    assert.equal((await device.credentials()).length, 1)
    assert.match(await newestMail(server, account.email), /passkey was added.*my laptop/)

    await follow(page, 'Overview')
    await press(page, 'Sign out')
    await heading(page, 'Sign in')
    await inspect(page, 'account-sign-in')
    await press(page, 'Sign in with a passkey')
    await heading(page, 'Your account')
    await press(page, 'Sign out')
    await heading(page, 'Sign in')
    await app.signIn(page, account.handle)
    await press(page, 'Sign in with a passkey')
    await press(page, 'Allow')
    assert.equal(await app.answer(page), `Signed in as ${account.did}`)

    await page.goto(`${server.url}/account/security`)
    await press(page, 'Sign in with a passkey')
    await heading(page, 'Security')
    await page.getByRole('listitem').filter({ hasText: 'my laptop' }).getByLabel('Name').fill('old laptop')
    await press(page, 'Rename')
    await page.getByText('old laptop', { exact: true }).waitFor()
    await press(page, 'Remove')
    assert.match(await page.getByRole('status').innerText(), /does not work any more/)
    await follow(page, 'Overview')
    await press(page, 'Sign out')
    await press(page, 'Sign in with a passkey')
    await page.getByRole('alert').waitFor()
    await heading(page, 'Sign in')
  })

  test('without scripts passkeys are not offered', async (t) => {
    const { page } = await enter(t, 'dora.test', { scripts: false })

    await follow(page, 'Add a passkey')

    await heading(page, 'Add a passkey')
    assert.ok(await page.locator('noscript p').isVisible(), 'says why')
    assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0)
    await page.goto(`${server.url}/account/sign-in?other=yes`)
    await heading(page, 'Sign in')
    assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0)
  })

  test('in the language of the browser', async (t) => {
    const account = await createAccount(server, 'emil.test')
    const walk = async (locale, look) => {
      const page = await openPage(t, browser, { locale })
      await page.goto(`${server.url}/account/security/authenticator`)
      await look(page)
      await page.locator('#identifier').fill(account.handle)
      await page.locator('#password').fill(account.password)
      await page.locator('button.main').click()
      await page.getByRole('navigation').waitFor()
      for (const path of ['', '/authenticator', '/passkey']) {
        await page.goto(`${server.url}/account/security${path}`)
        await look(page)
      }
    }

    await compareLanguages(walk, /^(localhost PDS|Handle|Name|Passkeys|E-Mail|emil\.test)$/)
  })
})
