// The account area: what people see of their account and do with it in a browser.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer } from '../interop/lib/server.mjs'
import { call, createAccount, password } from './lib/accounts.mjs'
import { startApp } from './lib/app.mjs'
import { browserSuite, inspect, launch, openPage, tabTo } from './lib/chromium.mjs'
import { compareLanguages } from './lib/language.mjs'
import { mailedCode } from './lib/mailbox.mjs'

browserSuite('the account area', () => {
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
  const goTo = async (page, name) => {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
    await heading(page, name)
  }
  const notice = (page) => page.getByRole('status').innerText()

  async function fillIn(page, values) {
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value)
  }

  async function signIn(page, account) {
    await heading(page, 'Sign in')
    await fillIn(page, { 'Handle or e-mail address': account.handle, Password: account.password })
    await press(page, 'Sign in')
  }

  /** A new account, and a page that shows its account area. */
  async function enter(t, handle, profile) {
    const account = await createAccount(server, handle)
    const page = await openPage(t, browser, profile)
    await page.goto(`${server.url}/account`)
    await signIn(page, account)
    await heading(page, 'Your account')
    return { account, page }
  }

  const canSignIn = (handle, secret) =>
    fetch(`${server.url}/xrpc/com.atproto.server.createSession`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: handle, password: secret }),
    }).then((answer) => answer.status)

  test('every part of it, on a phone and on a desktop', async (t) => {
    const { page } = await enter(t, 'paula.test', { phone: true })
    await inspect(page, 'account')

    const names = await page.getByRole('navigation').getByRole('link').allInnerTexts()
    assert.ok(names.length >= 9, String(names))
    for (const name of names.slice(1)) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
      await page.locator('[aria-current=page]').filter({ hasText: name }).waitFor()
      await inspect(page, `account-${name.toLowerCase().replaceAll(' ', '-')}`)
    }
  })

  test('a stranger is sent to sign in, and on to where he wanted', async (t) => {
    const account = await createAccount(server, 'quentin.test')
    const page = await openPage(t, browser)

    await page.goto(`${server.url}/account/apps`)
    await signIn(page, { ...account, password: 'wrong' })
    assert.match(await page.getByRole('alert').innerText(), /Invalid identifier or password/)
    await inspect(page, 'account-sign-in-wrong')
    await fillIn(page, { Password: password })
    await press(page, 'Sign in')

    await heading(page, 'Connected apps')
  })

  test('by keyboard to another part, past the navigation, and out', async (t) => {
    const { page } = await enter(t, 'rita.test')

    await tabTo(page, page.getByRole('link', { name: 'Skip to the content' }))
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.closest('nav')), null, 'the navigation is skipped')
    await page.reload()
    await tabTo(page, page.getByRole('link', { name: 'Your data' }))
    await page.keyboard.press('Enter')
    await heading(page, 'Your data')
    await page.goBack()
    await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
    await page.keyboard.press('Enter')

    await heading(page, 'Sign in')
    await page.goto(`${server.url}/account`)
    await heading(page, 'Sign in')
  })

  test('two accounts in one browser', async (t) => {
    const { account: first, page } = await enter(t, 'sam.test')
    const second = await createAccount(server, 'sue.test')
    await page.getByRole('link', { name: 'Switch to another account' }).click()
    await page.getByRole('link', { name: 'Another account' }).click()
    await signIn(page, second)
    await page.getByRole('definition').filter({ hasText: 'sue.test' }).waitFor()

    await page.getByRole('link', { name: 'Switch to another account' }).click()
    await inspect(page, 'account-choose')
    await press(page, first.handle)

    await page.getByRole('definition').filter({ hasText: 'sam.test' }).waitFor()
  })

  test('sessions and devices are seen and ended', async (t) => {
    const { account, page } = await enter(t, 'tom.test')
    const other = await openPage(t, browser, { phone: true })
    await other.goto(`${server.url}/account`)
    await signIn(other, account)
    await heading(other, 'Your account')

    await goTo(page, 'Devices and sessions')
    await inspect(page, 'account-sessions-two')
    await press(page, 'Sign out there')
    await press(page, 'End')
    await page.getByText('None.').waitFor()

    await other.reload()
    await heading(other, 'Sign in')
    const answer = await fetch(`${server.url}/xrpc/com.atproto.server.refreshSession`, { method: 'POST', headers: { authorization: `Bearer ${account.refreshJwt}` } })
    assert.equal(answer.status, 400)
  })

  test('a connected app is seen and shut out', async (t) => {
    const { account, page } = await enter(t, 'uma.test')
    const app = await startApp(server)
    t.after(app.stop)
    await app.signIn(page, account.handle) // named and remembered, so there is nothing to choose
    await press(page, 'Allow')
    assert.equal(await app.answer(page), `Signed in as ${account.did}`)

    await page.goto(`${server.url}/account/apps`)
    await inspect(page, 'account-apps-one')
    await press(page, 'Take access back')
    await page.getByText('No application has access to your account.').waitFor()

    await assert.rejects(app.client.restore(account.did, true))
  })

  test('an app password is made, shown once, and taken back', async (t) => {
    const { account, page } = await enter(t, 'vera.test', { scripts: false })
    await goTo(page, 'App passwords')

    await fillIn(page, { 'What is it for?': 'my <b>bot</b>' })
    await press(page, 'Make it')
    const secret = await page.locator('code.secret').innerText()
    await inspect(page, 'account-app-passwords-new')
    assert.equal(await canSignIn(account.handle, secret), 200)
    await page.goto(`${server.url}/account/app-passwords`)
    assert.equal(await page.getByText(secret).count(), 0)
    await press(page, 'Take back')

    assert.match(await notice(page), /does not work any more/)
    assert.equal(await canSignIn(account.handle, secret), 401)
  })

  test('the address is confirmed and guards signing in; then it is changed', async (t) => {
    const { account, page } = await enter(t, 'walt.test', { phone: true })
    await goTo(page, 'E-mail')
    await press(page, 'Send me a code')
    await fillIn(page, { 'Code from the e-mail': 'AAAAA-AAAAA' })
    await press(page, 'Confirm')
    await page.getByRole('alert').waitFor()
    await fillIn(page, { 'Code from the e-mail': await mailedCode(server, account.email) })
    await press(page, 'Confirm')
    assert.match(await notice(page), /confirmed/)
    await press(page, 'Switch it on')
    assert.match(await notice(page), /needs a code/)
    await inspect(page, 'account-e-mail-factor')
    assert.equal(await canSignIn(account.handle, password), 401)

    await page.getByRole('button', { name: 'Send me a code' }).first().click()
    await page.locator('#email').fill('walter@example.com')
    await page.locator('#change-code').fill(await mailedCode(server, account.email))
    await press(page, 'Change the address')

    assert.match(await notice(page), /changed/)
    await page.getByText('walter@example.com').waitFor()
  })

  test('the password is changed, and everybody else is out', async (t) => {
    const { account, page } = await enter(t, 'xena.test')
    await goTo(page, 'Password')
    const change = async (values) => {
      await fillIn(page, { 'Present password': password, 'New password': 'a new long password', 'New password, once more': 'a new long password', ...values })
      await press(page, 'Change the password')
    }

    await change({ 'New password, once more': 'another long password' })
    await page.getByRole('alert').waitFor()
    await change({ 'Present password': 'wrong' })
    await page.getByRole('alert').waitFor()
    await change({})

    assert.match(await notice(page), /changed/)
    assert.equal(await canSignIn(account.handle, password), 401)
    assert.equal(await canSignIn(account.handle, 'a new long password'), 200)
    const answer = await fetch(`${server.url}/xrpc/com.atproto.server.refreshSession`, { method: 'POST', headers: { authorization: `Bearer ${account.refreshJwt}` } })
    assert.equal(answer.status, 400)
  })

  test('the handle is changed', async (t) => {
    const { page } = await enter(t, 'yan.test')
    await goTo(page, 'Handle')
    await fillIn(page, { Name: 'yannick' })
    await page.getByRole('button', { name: 'Use this handle' }).first().click()

    assert.match(await notice(page), /changed/)
    await page.getByRole('definition').filter({ hasText: 'yannick.test' }).waitFor()
    await page.locator('#handle').fill('no.such.domain.example')
    await press(page, 'Check')
    await page.getByText('TLD is invalid').waitFor()
    await createAccount(server, 'yara.test')
    await page.locator('#handle').fill('yara.test')
    await press(page, 'Check')
    await page.getByText('Somebody else has it.').waitFor()
    await inspect(page, 'account-handle-checked')
  })

  test('the data is downloaded', async (t) => {
    const { account, page } = await enter(t, 'zoe.test')
    const record = { $type: 'app.bsky.feed.post', text: 'kept', createdAt: new Date().toISOString() }
    await call(server, 'com.atproto.repo.createRecord', { token: account.accessJwt, input: { repo: account.did, collection: 'app.bsky.feed.post', record } })
    await goTo(page, 'Your data')

    for (const [name, ending, start] of [['Download the records', /\.car$/, undefined], ['Download the files', /\.zip$/, 'PK']]) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()])
      assert.match(download.suggestedFilename(), ending)
      const bytes = Buffer.concat(await (await download.createReadStream()).toArray())
      if (start) assert.equal(bytes.toString('latin1', 0, 2), start)
      else assert.ok(bytes.includes('kept'))
    }
  })

  test('an account sleeps, wakes up, and is deleted for good', async (t) => {
    const { account, page } = await enter(t, 'adam.test', { scripts: false })
    await goTo(page, 'Deactivate or delete')
    await press(page, 'Deactivate my account')
    assert.match(await notice(page), /deactivated/)
    await inspect(page, 'account-deactivated')
    await press(page, 'Activate my account')
    assert.match(await notice(page), /active/)

    await press(page, 'Send me a code')
    await page.getByLabel('Code from the e-mail').waitFor()
    await inspect(page, 'account-delete')
    await fillIn(page, { 'Code from the e-mail': await mailedCode(server, account.email), Password: password })
    await page.getByLabel('Delete my account and everything in it').check()
    await press(page, 'Delete for good')

    await heading(page, 'Your account is deleted')
    await inspect(page, 'account-deleted')
    assert.equal(await canSignIn(account.handle, password), 401)
  })

  test('in the language of the browser', async (t) => {
    const account = await createAccount(server, 'hans.test')
    const walk = async (locale, look) => {
      const page = await openPage(t, browser, { locale })
      await page.goto(`${server.url}/account`)
      await look(page)
      await page.locator('#identifier').fill(account.handle)
      await page.locator('#password').fill(password)
      await page.locator('button.main').click()
      await page.getByRole('navigation').waitFor()
      const parts = await page.getByRole('navigation').getByRole('link').evaluateAll((links) => links.map((link) => link.href))
      for (const part of parts) {
        await page.goto(part)
        await look(page)
      }
    }

    await compareLanguages(walk, /^(localhost PDS|Handle|Name|Status|DID|Passkeys|hans\.test|\.test|hans@example\.com|Domain|E-Mail|.*\(Linux\).*)$/)
  })
})
