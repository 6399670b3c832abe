// The pages on which people sign in and say yes or no to an application.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer } from '../interop/lib/server.mjs'
import { call, createAccount, password } from './lib/accounts.mjs'
import { startApp } from './lib/app.mjs'
import { browserSuite, inspect, launch, openPage, tabTo } from './lib/chromium.mjs'
import { compareLanguages } from './lib/language.mjs'
import { mailedCode } from './lib/mailbox.mjs'

browserSuite('authorization', () => {
  const scope = 'atproto transition:generic transition:email repo:app.bsky.feed.post blob:image/*'
  let server
  let browser
  let app
  let alice
  let bob

  before(async () => {
    server = await startServer()
    browser = await launch()
    app = await startApp(server, { scope })
    alice = await createAccount(server, 'alice.test')
    bob = await createAccount(server, 'bob.test')
  })
  after(async () => {
    await browser?.close()
    await app?.stop()
    await server?.stop()
  })

  const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()

  /** Fills in the page for signing in, which may know the account already. */
  async function signIn(page, account, { remember = false } = {}) {
    await heading(page, 'Sign in')
    const name = page.getByLabel('Handle or e-mail address')
    if (await name.isEditable()) await name.fill(account.handle)
    await page.getByLabel('Password').fill(account.password)
    if (remember) await page.getByLabel('Remember this account on this device').check()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  const allow = (page) => page.getByRole('button', { name: 'Allow' }).click()

  test('a user signs in, at the second try, and allows an application', async (t) => {
    const page = await openPage(t, browser, { phone: true })
    await app.signIn(page, alice.handle)
    await inspect(page, 'sign-in')

    await signIn(page, { handle: alice.handle, password: 'wrong' })
    assert.match(await page.getByRole('alert').innerText(), /Invalid identifier or password/)
    await inspect(page, 'sign-in-wrong')
    await signIn(page, alice)
    await heading(page, 'Allow access?')
    await inspect(page, 'consent')
    await page.getByText('The same in technical terms').click()
    await inspect(page, 'consent-details')
    await allow(page)

    assert.equal(await app.answer(page), `Signed in as ${alice.did}`)
  })

  test('nothing that was typed stays in the address or comes back', async (t) => {
    const page = await openPage(t, browser)
    await app.signIn(page, server.url)
    await signIn(page, { handle: bob.handle, password: 'secret and wrong' })

    await page.getByRole('alert').waitFor()

    assert.doesNotMatch(page.url(), /secret/)
    assert.equal(await page.getByLabel('Password').inputValue(), '')
  })

  for (const answer of ['Deny', 'Cancel']) {
    test(`a user says no: ${answer}`, async (t) => {
      const page = await openPage(t, browser)
      await app.signIn(page, alice.handle)
      if (answer === 'Deny') await signIn(page, alice)

      await page.getByRole('button', { name: answer }).click()

      assert.equal(await app.answer(page), 'Not signed in: access_denied')
    })
  }

  test('an application gets only what the user has ticked', async (t) => {
    const page = await openPage(t, browser)
    await app.signIn(page, alice.handle, { scope: 'atproto transition:generic transition:email' })
    await signIn(page, alice)

    await page.getByLabel('See your e-mail address').uncheck()
    await allow(page)

    assert.equal(await app.answer(page), `Signed in as ${alice.did}`)
    assert.equal((await app.session.getTokenInfo(false)).scope, 'atproto transition:generic')
  })

  test('a browser remembers accounts, and its user chooses one', async (t) => {
    const page = await openPage(t, browser)
    for (const account of [alice, bob]) {
      await app.signIn(page, account.handle)
      await signIn(page, account, { remember: true })
      await allow(page)
      await app.answer(page)
    }

    await app.signIn(page, server.url)
    await heading(page, 'Choose an account')
    await inspect(page, 'choose')
    await page.getByRole('button', { name: bob.handle }).click()
    await page.getByText(bob.handle).first().waitFor()
    await page.getByRole('button', { name: 'Use another account' }).click()
    await page.getByRole('button', { name: alice.handle }).click()
    await allow(page)

    assert.equal(await app.answer(page), `Signed in as ${alice.did}`)
  })

  test('without scripts, on a phone, in the dark', async (t) => {
    const page = await openPage(t, browser, { phone: true, dark: true, scripts: false })
    const post = await startApp(server, { scope, responseMode: 'form_post' })
    t.after(post.stop)
    await post.signIn(page, alice.handle)
    await signIn(page, alice)
    await allow(page)

    await page.getByRole('button', { name: 'Go back to the application' }).click()

    assert.equal(await post.answer(page), `Signed in as ${alice.did}`)
  })

  test('with scripts a form goes back to the application by itself', async (t) => {
    const page = await openPage(t, browser)
    const post = await startApp(server, { scope, responseMode: 'form_post' })
    t.after(post.stop)
    await post.signIn(page, alice.handle)
    await signIn(page, alice)

    await allow(page)

    assert.equal(await post.answer(page), `Signed in as ${alice.did}`)
  })

  test('with the keyboard alone', async (t) => {
    const page = await openPage(t, browser)
    const type = async (label, text) => {
      await tabTo(page, page.getByLabel(label))
      await page.keyboard.type(text)
    }
    await app.signIn(page, server.url)
    await heading(page, 'Sign in')

    await type('Handle or e-mail address', bob.handle)
    await type('Password', password)
    await page.keyboard.press('Enter')
    await heading(page, 'Allow access?')
    await tabTo(page, page.getByLabel('See your e-mail address'))
    await page.keyboard.press('Space')
    await tabTo(page, page.getByText('The same in technical terms'))
    await page.keyboard.press('Enter')
    await page.getByText('Client:').waitFor()
    await tabTo(page, page.getByRole('button', { name: 'Allow' }))
    await page.keyboard.press('Enter')

    assert.equal(await app.answer(page), `Signed in as ${bob.did}`)
    assert.doesNotMatch((await app.session.getTokenInfo(false)).scope, /email/)
  })

  test('the Back button after the answer leads to a page that says what is wrong', async (t) => {
    const page = await openPage(t, browser)
    await app.signIn(page, alice.handle)
    await signIn(page, alice)
    await heading(page, 'Allow access?')
    const address = page.url()
    await allow(page)
    await app.answer(page)

    await page.goto(address)

    await heading(page, 'This did not work')
    await inspect(page, 'error-used')
  })

  test('an unknown request leads to a page that says so', async (t) => {
    const page = await openPage(t, browser)

    const answer = await page.goto(`${server.url}/oauth/authorize?client_id=http%3A%2F%2Flocalhost&request_uri=urn:ietf:params:oauth:request_uri:req-00000000000000000000000000000000`)

    assert.equal(answer.status(), 400)
    await heading(page, 'This did not work')
    await inspect(page, 'error-unknown')
  })

  test('without cookies a form is refused', async (t) => {
    const page = await openPage(t, browser)
    await app.signIn(page, alice.handle)
    await heading(page, 'Sign in')
    await page.context().clearCookies()

    await signIn(page, alice)

    assert.match(await page.getByRole('alert').innerText(), /cookies are off/)
  })
  test('reloading a page sends nothing again', async (t) => {
    const page = await openPage(t, browser)
    await app.signIn(page, alice.handle)
    await signIn(page, alice)
    await heading(page, 'Allow access?')

    await page.reload()

    await heading(page, 'Allow access?')
    await allow(page)
    assert.equal(await app.answer(page), `Signed in as ${alice.did}`)
  })

  test('whoever wants a code by e-mail is asked for it', async (t) => {
    const erin = await createAccount(server, 'erin.test')
    const token = erin.accessJwt
    await call(server, 'com.atproto.server.requestEmailConfirmation', { token })
    await call(server, 'com.atproto.server.confirmEmail', { token, input: { email: erin.email, token: await mailedCode(server, erin.email) } })
    await call(server, 'com.atproto.server.updateEmail', { token, input: { email: erin.email, emailAuthFactor: true } })
    const page = await openPage(t, browser)
    await app.signIn(page, erin.handle)
    await signIn(page, erin)
    const code = page.getByLabel('Code from the e-mail we have sent you')
    await code.waitFor()
    await inspect(page, 'sign-in-code')

    await code.fill(await mailedCode(server, erin.email))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()

    await allow(page)
    assert.equal(await app.answer(page), `Signed in as ${erin.did}`)
  })

  test('in the language of the browser', async (t) => {
    const walk = async (locale, look) => {
      const page = await openPage(t, browser, { locale })
      await app.signIn(page, alice.handle)
      await look(page)
      await page.locator('#password').fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      await look(page)
      await page.locator('#password').fill(alice.password)
      await page.locator('[name=remember]').check()
      await page.keyboard.press('Enter')
      await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'))
      await look(page)
      await page.locator('[name=answer][value=yes]').click()
      await app.answer(page)
      await app.signIn(page, server.url)
      await look(page)
      await page.goto(`${server.url}/oauth/authorize`)
      await look(page)
    }

    await compareLanguages(walk, /^(localhost( PDS)?|alice\.test|bob\.test)$/)
  })
})
