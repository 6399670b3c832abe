// The official OAuth client, set up for a server under test.
import { NodeOAuthClient } from '@atproto/oauth-client-node'

const store = (map) => ({ get: async (key) => map.get(key), set: async (key, value) => void map.set(key, value), del: async (key) => void map.delete(key) })

/** @param {object} server The server under test. @param {object} options Of the client: redirect address, scope, and what it should do otherwise. */
export function createOAuthClient(server, { redirect, scope, sessions = new Map(), metadata = {}, ...others }) {
  /** The development server's directory lies in a folder, where the client's resolver does not look. */
  const fetchWithDirectory = (input, init) => {
    const asked = new Request(input, init)
    const { pathname } = new URL(asked.url)
    return fetch(/^\/did(:|%3A)/i.test(pathname) ? new Request(`${server.plcUrl}${decodeURIComponent(pathname)}`, asked) : asked)
  }

  return new NodeOAuthClient({
    clientMetadata: {
      client_id: `http://localhost?${new URLSearchParams({ redirect_uri: redirect, scope })}`,
      redirect_uris: [redirect],
      scope,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
      ...metadata,
    },
    stateStore: store(new Map()),
    sessionStore: store(sessions),
    requestLock: (_, work) => work(),
    allowHttp: true,
    handleResolver: server.url,
    plcDirectoryUrl: server.url,
    fetch: fetchWithDirectory,
    ...others,
  })
}
