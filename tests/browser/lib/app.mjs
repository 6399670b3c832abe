// An application of somebody else: the official OAuth client behind two pages, on a port of its own.
import { createServer } from 'node:http'
import { createConfidentialClient, createOAuthClient } from '../../interop/lib/oauth.mjs'

/** Where a confidential client wants people back: never at a local address. Nothing answers there. */
export const farRedirect = 'https://app.client.dev/callback'

/** @param {object} server The server under test. @param {object} options Of createOAuthClient; the redirect address is made here. */
export async function startApp(server, { confidential = false, ...options } = {}) {
  let door
  const web = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, app.url)
    const show = (text) => response.setHeader('content-type', 'text/html').end(`<!doctype html><title>App</title><h1>Application</h1><p>${text}</p>`)
    try {
      if (pathname === '/sign-in') {
        const { account, ...asked } = Object.fromEntries(searchParams)
        response.writeHead(303, { location: String(await app.client.authorize(account, asked)) }).end()
      } else if (pathname === '/callback') {
        const body = request.method === 'POST' ? (await request.setEncoding('utf8').toArray()).join('') : undefined
        await door?.(request)
        const { session } = await app.client.callback(body === undefined ? searchParams : new URLSearchParams(body))
        app.session = session
        show(`Signed in as ${session.did}`)
      } else if (pathname === '/client-metadata.json' || pathname === '/jwks.json') {
        const document = pathname === '/jwks.json' ? app.client.jwks : app.client.clientMetadata
        response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
      } else {
        response.writeHead(404).end()
      }
    } catch (error) {
      show(`Not signed in: ${error.params?.get('error') ?? error.message}`)
    }
  })
  await new Promise((done) => web.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${web.address().port}`
  const sessions = new Map()
  const scope = 'atproto transition:generic'
  const app = {
    url,
    sessions,
    session: undefined,
    client: confidential
      ? await createConfidentialClient(server, { url, redirect: farRedirect, scope, sessions, ...options })
      : createOAuthClient(server, { redirect: `${url}/callback`, scope, sessions, ...options }),
    /** Begins to sign in: the application sends the browser to the server of the account. */
    signIn: (page, account, asked = {}) => page.goto(`${url}/sign-in?${new URLSearchParams({ account, ...asked })}`),
    /** What the application says when the browser has come back. */
    async answer(page) {
      await page.waitForURL(`${url}/**`)
      return page.getByRole('paragraph').innerText()
    },
    /** Does something when the browser comes back, before the application looks at what it brings. */
    whenBack: (act) => void (door = act),
    stop: () => new Promise((done) => web.close(done).closeAllConnections()),
  }
  return app
}
