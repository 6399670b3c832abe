// Making an account, confirming its address, and choosing a new password.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer } from '../interop/lib/server.mjs'
import { createInviteCode, password } from './lib/accounts.mjs'
import { startApp } from './lib/app.mjs'
import { browserSuite, inspect, launch, openPage } from './lib/chromium.mjs'
import { compareLanguages } from './lib/language.mjs'
import { mailedCode } from './lib/mailbox.mjs'

browserSuite('sign-up', () => {
  let server
  let browser
  let app

  before(async () => {
    server = await startServer({ settings: { PDS_INVITE_REQUIRED: 'true', PDS_SERVICE_HANDLE_DOMAINS: '.test,.people.dev' } })
    browser = await launch()
    app = await startApp(server)
  })
  after(async () => {
    await browser?.close()
    await app?.stop()
    await server?.stop()
  })

  const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()

  async function signUp(page, { name, invite }) {
    await heading(page, 'Create an account')
    await page.getByLabel('Handle', { exact: true }).fill(name)
    await page.getByLabel('E-mail address').fill(`${name}@example.com`)
    await page.getByLabel('Password').fill(password)
    await page.getByLabel('Invite code').fill(invite)
    await page.getByRole('button', { name: 'Create an account' }).click()
  }

  async function signIn(page, handle, secret) {
    await app.signIn(page, handle)
    await page.getByLabel('Password').fill(secret)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  test('somebody new comes from an application, makes an account and goes on', async (t) => {
    const page = await openPage(t, browser, { phone: true })
    await app.signIn(page, server.url)
    await page.getByRole('link', { name: 'Create an account' }).click()
    await heading(page, 'Create an account')
    await inspect(page, 'sign-up')
    await page.getByLabel('Ending of the handle').selectOption('.people.dev')

    await signUp(page, { name: 'nora', invite: 'not-an-invite' })
    await page.getByRole('alert').waitFor()
    await inspect(page, 'sign-up-refused')
    assert.equal(await page.getByLabel('Handle', { exact: true }).inputValue(), 'nora')
    assert.equal(await page.getByLabel('Ending of the handle').inputValue(), '.people.dev')
    await signUp(page, { name: 'nora', invite: await createInviteCode(server) })
    await heading(page, 'Allow access?')
    assert.ok(await page.getByText('nora.people.dev').isVisible())
    await page.getByRole('button', { name: 'Allow' }).click()

    assert.match(await app.answer(page), /^Signed in as did:plc:/)
  })

  test('an application may send people straight to the form', async (t) => {
    const page = await openPage(t, browser)

    await app.signIn(page, server.url, { prompt: 'create' })

    await heading(page, 'Create an account')
  })

  test('without scripts somebody makes an account, confirms the address and later forgets the password', async (t) => {
    const page = await openPage(t, browser, { scripts: false })
    await page.goto(`${server.url}/account/sign-up`)
    await signUp(page, { name: 'oscar', invite: await createInviteCode(server) })
    await heading(page, 'Done')
    await inspect(page, 'sign-up-done')

    await page.getByRole('link', { name: 'Confirm your e-mail address' }).click()
    await inspect(page, 'confirm-email')
    await page.getByLabel('E-mail address').fill('oscar@example.com')
    await page.getByLabel('Code from the e-mail').fill('AAAAA-AAAAA')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Code from the e-mail').fill(await mailedCode(server, 'oscar@example.com'))
    await page.getByRole('button', { name: 'Confirm' }).click()
    assert.match(await page.getByRole('status').innerText(), /confirmed/)

    // The browser in which an account was made is signed in to it.
    await page.context().clearCookies()
    await app.signIn(page, 'oscar.test')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await heading(page, 'Reset your password')
    await inspect(page, 'reset-password')
    await page.getByLabel('E-mail address').fill('oscar@example.com')
    await page.getByRole('button', { name: 'Send the code' }).click()
    await heading(page, 'Choose a new password')
    await inspect(page, 'reset-password-code')
    await page.getByLabel('Code from the e-mail').fill('AAAAA-AAAAA')
    await page.getByLabel('New password').fill('a new long password')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Code from the e-mail').fill(await mailedCode(server, 'oscar@example.com'))
    await page.getByLabel('New password').fill('a new long password')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await heading(page, 'Done')

    await signIn(page, 'oscar.test', password)
    assert.match(await page.getByRole('alert').innerText(), /Invalid identifier or password/)
    await signIn(page, 'oscar.test', 'a new long password')
    await heading(page, 'Allow access?')
  })

  test('nobody learns whose address it is', async (t) => {
    const page = await openPage(t, browser)
    await page.goto(`${server.url}/account/reset-password`)

    await page.getByLabel('E-mail address').fill('nobody@example.com')
    await page.getByRole('button', { name: 'Send the code' }).click()

    await heading(page, 'Choose a new password')
  })

  test('in the language of the browser', async (t) => {
    const walk = async (locale, look) => {
      const page = await openPage(t, browser, { locale })
      await page.goto(`${server.url}/account/sign-up`)
      await look(page)
      await page.locator('#handle').fill('x')
      await page.locator('#email').fill('x@example.com')
      await page.locator('#password').fill(password)
      await page.locator('#invite').fill('x')
      await page.locator('button.main').click()
      await page.getByRole('alert').waitFor()
      await look(page)
      for (const path of ['sign-up/done', 'confirm-email', 'confirm-email/done', 'reset-password', 'reset-password/code', 'reset-password/done']) {
        await page.goto(`${server.url}/account/${path}`)
        await look(page)
      }
    }

    await compareLanguages(walk, /^(localhost PDS|Handle|\.test|\.people\.dev)$/)
  })
})
