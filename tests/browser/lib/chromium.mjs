// Debian's Chromium, and what every page is checked for.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import axe from 'axe-core'
import { chromium } from 'playwright-core'

const executable = process.env.CHROMIUM ?? '/usr/bin/chromium'
const pictures = process.env.PDS_SCREENSHOTS
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 }, narrow: { width: 320, height: 640 } }

/** Pages on which scripts are off, with what switches them. */
const withoutScripts = new WeakMap()

/** A suite that needs Chromium: skipped with a message where there is none, but never in CI. */
export function browserSuite(name, body) {
  if (existsSync(executable)) return suite(name, body)
  const missing = `Chromium is missing at ${executable}; CHROMIUM names another`
  if (process.env.CI !== 'true') return test(name, { skip: missing }, () => {})
  return test(name, () => assert.fail(missing))
}

/** Starts Chromium in an empty profile, without what it does on the network by itself. */
export const launch = () =>
  chromium.launch({
    executablePath: executable,
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })

/**
 * Opens a page in a profile of its own, which the test closes at its end. A page must not run into its own security policy.
 * @param {object} options Of the profile: phone, dark, scripts, locale.
 */
export async function openPage(t, browser, { phone = false, dark = false, scripts = true, locale = 'en-US' } = {}) {
  const context = await browser.newContext({
    viewport: phone ? sizes.phone : sizes.desktop,
    colorScheme: dark ? 'dark' : 'light',
    hasTouch: phone,
    locale,
  })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  if (!scripts) {
    const devtools = await context.newCDPSession(page)
    await devtools.send('Emulation.setScriptExecutionDisabled', { value: true })
    withoutScripts.set(page, devtools)
  }
  const faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => /content security policy/i.test(message.text()) && faults.push(message.text()))
  t.after(async () => {
    await context.close()
    assert.deepEqual(faults, [], 'faults of the pages')
  })
  return page
}

/** Checks the page for accessibility and for fitting the screen, on a phone and on a desktop, in light and dark; and takes pictures, where they are wanted. */
export async function inspect(page, name) {
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `${name}: one heading of the first level`)
  assert.ok(await page.title(), `${name}: a title`)
  assert.ok(await page.locator('html').getAttribute('lang'), `${name}: a language`)
  const before = page.viewportSize()
  for (const [size, scheme] of [['phone', 'light'], ['desktop', 'dark'], ['narrow', 'dark']]) {
    await page.setViewportSize(sizes[size])
    await page.emulateMedia({ colorScheme: scheme })
    const { width, wide } = await page.evaluate(() => ({ width: innerWidth, wide: document.documentElement.scrollWidth }))
    assert.ok(wide <= width, `${name} (${size}): is ${wide} wide on a screen of ${width}`)
    if (pictures) {
      mkdirSync(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, `${name}-${size}-${scheme}.png`), fullPage: true })
    }
    // Of all that is checked, only contrast depends on the colours.
    if (size !== 'narrow') await checkAccess(page, `${name} (${size}, ${scheme})`, size === 'phone' ? undefined : ['color-contrast'])
  }
  await page.setViewportSize(before)
  await page.emulateMedia({ colorScheme: null })
}

async function checkAccess(page, name, rules) {
  // The checks are a script, which may run where those of the page may not.
  const switchScripts = (off) => withoutScripts.get(page)?.send('Emulation.setScriptExecutionDisabled', { value: off })
  await switchScripts(false)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate((runOnly) => globalThis.axe.run(document, { resultTypes: ['violations'], runOnly }), rules)
  await switchScripts(true)
  const findings = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const words = findings.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map(({ html, failureSummary }) => `${html}\n    ${failureSummary}`).join('\n    ')}`)
  assert.deepEqual(words, [], `${name}: accessibility`)
}

/** Goes on with the Tab key until the element has the focus, as somebody without a mouse would. */
export async function tabTo(page, locator) {
  for (let presses = 0; presses < 40; presses++) {
    const { reached, outline } = await locator.evaluate((element) => ({ reached: element === document.activeElement, outline: getComputedStyle(element).outlineStyle }))
    if (reached) return assert.notEqual(outline, 'none', `${locator} does not show that it has the focus`)
    await page.keyboard.press('Tab')
  }
  assert.fail(`${locator} is not reached with the Tab key`)
}

/** The pieces of text that a page shows, for comparing two languages. */
export const texts = (page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, ({ parentElement }) =>
      parentElement.closest('script, style, code') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT)
    const found = []
    while (walker.nextNode()) found.push(walker.currentNode.data.trim())
    return found.filter((text) => /\p{L}{2}/u.test(text))
  })
