// Whether pages speak the language of the browser throughout.
import assert from 'node:assert/strict'
import { texts } from './chromium.mjs'

/**
 * Walks through pages in English and in German, and compares what they show.
 * @param {(locale: string, look: () => Promise<void>) => Promise<void>} walk Visits the pages; it calls look on each.
 * @param {RegExp} same What may be the same in both: names, addresses.
 */
export async function compareLanguages(walk, same) {
  const seen = {}
  for (const locale of ['en-US', 'de-DE']) {
    seen[locale] = []
    await walk(locale, async (page) => {
      assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2), page.url())
      seen[locale].push(...(await texts(page)))
    })
  }
  const english = new Set(seen['en-US'])
  assert.deepEqual(seen['de-DE'].filter((text) => english.has(text) && !same.test(text)), [], 'texts that are not translated')
}
