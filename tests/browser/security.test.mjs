// Second factors and passkeys: set up in the account area, used to sign in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer } from '../interop/lib/server.mjs'
import { createAccount } from './lib/accounts.mjs'
import { browserSuite, inspect, launch, openPage } from './lib/chromium.mjs'
import { appCode, plugInAuthenticator } from './lib/factors.mjs'
import { newestMail } from './lib/mailbox.mjs'

browserSuite('security', () => {
  let server
  let browser

  before(async () => {
    server = await startServer()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const press = (page, name) => page.getByRole('button', { name, exact: true }).click()
  const follow = (page, name) => page.getByRole('link', { name, exact: true }).click()

  async function signIn(page, account) {
    await heading(page, 'Sign in')
    await page.getByLabel('Handle or e-mail address').fill(account.handle)
    await page.getByLabel('Password').fill(account.password)
    await press(page, 'Sign in')
  }

  async function openSecurity(page, account) {
    await page.goto(`${server.url}/account/sign-in?next=/account/security`)
    await signIn(page, account)
    await heading(page, 'Security')
  }

  test('a passkey is made, signs in without name and password, and is removed', async (t) => {
    const alice = await createAccount(server, 'alice.test')
    const page = await openPage(t, browser)
    const device = await plugInAuthenticator(page)
    await openSecurity(page, alice)
    await inspect(page, 'security')
    await follow(page, 'Add a passkey')
    await heading(page, 'Add a passkey')
    await inspect(page, 'passkey')

    await page.getByLabel('Name').fill('This laptop')
    await press(page, 'Add a passkey')
    await page.getByRole('status').waitFor()
    await inspect(page, 'security-passkey')
    assert.equal((await device.credentials()).length, 1)
    assert.match(await newestMail(server, alice.email), /passkey was added.*This laptop/)

    await page.goto(`${server.url}/account/sign-in?other=yes`)
    await inspect(page, 'sign-in-passkey')
    await press(page, 'Sign in with a passkey')
    await heading(page, 'Your account')
    assert.match(await page.locator('main').innerText(), /alice\.test/)

    await page.goto(`${server.url}/account/security`)
    await press(page, 'Remove')
    await page.getByRole('status').waitFor()
    await page.goto(`${server.url}/account/sign-in?other=yes`)
    await press(page, 'Sign in with a passkey')
    assert.match(await page.getByRole('alert').innerText(), /does not belong to an account here/)
  })

  test('an authenticator app is set up, asked for, and its browser trusted', async (t) => {
    const bob = await createAccount(server, 'bob.test')
    const page = await openPage(t, browser, { phone: true })
    await openSecurity(page, bob)
    await follow(page, 'Set up an authenticator app')
    await heading(page, 'Set up an authenticator app')
    await inspect(page, 'authenticator')
    const secret = await page.locator('code.secret').innerText()

    await page.getByLabel('Code that the app shows').fill(appCode(secret))
    await press(page, 'Turn the app on')
    await heading(page, 'Recovery codes')
    await inspect(page, 'recovery-codes')
    const codes = await page.getByRole('listitem').getByText(/^[A-Z2-7]{5}-[A-Z2-7]{5}$/).allInnerTexts()
    assert.equal(new Set(codes).size, 10)
    await follow(page, 'I have kept them')
    await inspect(page, 'security-app')

    const other = await openPage(t, browser, { scripts: false })
    await other.goto(`${server.url}/account/sign-in`)
    await signIn(other, bob)
    await other.getByLabel('Code from your authenticator app').fill('no code')
    await press(other, 'Sign in')
    assert.match(await other.getByRole('alert').innerText(), /The code is wrong/)
    await other.getByLabel('Code from your authenticator app').fill(codes[0])
    await other.getByLabel('Do not ask for a code in this browser for 30 days').check()
    await press(other, 'Sign in')
    await heading(other, 'Your account')

    await other.goto(`${server.url}/account/sign-in?other=yes`)
    await signIn(other, bob)
    await heading(other, 'Your account')
    await page.reload()
    await inspect(page, 'security-trust')
    await press(page, 'Ask for a code in all of them')
    await other.goto(`${server.url}/account/sign-in?other=yes`)
    await signIn(other, bob)
    await other.getByLabel('Code from your authenticator app').waitFor()
  })

  test('where scripts are off, nobody is offered a passkey', async (t) => {
    const page = await openPage(t, browser, { scripts: false })
    await page.goto(`${server.url}/account/sign-in`)

    assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0)
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  })
})
