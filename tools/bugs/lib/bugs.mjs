// Reads lists of bugs and checks their form.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const KNOWN = new Set(['id', 'file', 'find', 'replace', 'breaks', 'tests', 'survives'])

const lines = (value) => (Array.isArray(value) ? value.join('\n') : value)

/** How often a text occurs in another. */
export const countIn = (text, part) => text.split(part).length - 1

/** Reads lists, or all lists of a folder. */
export const loadBugs = (paths) => {
  const bugs = []
  const faults = []
  const files = paths.flatMap((path) => (statSync(path).isDirectory() ? readdirSync(path).filter((name) => name.endsWith('.json')).sort().map((name) => join(path, name)) : [path]))
  const ids = new Set()
  for (const file of files) {
    let list
    try {
      list = JSON.parse(readFileSync(file, 'utf8'))
    } catch (e) {
      faults.push(`${file}: ${e.message}`)
      continue
    }
    for (const [at, raw] of list.entries()) {
      const name = `${file}: ${raw.id ?? `entry ${at + 1}`}`
      const bug = { ...raw, find: lines(raw.find), replace: lines(raw.replace) }
      const unknown = Object.keys(raw).filter((key) => !KNOWN.has(key))
      if (unknown.length > 0) faults.push(`${name}: unknown member ${unknown.join(', ')}`)
      for (const key of ['id', 'file', 'find', 'breaks']) if (typeof bug[key] !== 'string' || bug[key] === '') faults.push(`${name}: "${key}" is missing`)
      if (typeof bug.replace !== 'string') faults.push(`${name}: "replace" is missing`)
      if (bug.find === bug.replace) faults.push(`${name}: "find" and "replace" are equal`)
      if (!bug.tests || typeof bug.tests !== 'object' || Object.keys(bug.tests).length === 0) faults.push(`${name}: "tests" names no test project`)
      if (ids.has(bug.id)) faults.push(`${name}: the id is taken`)
      ids.add(bug.id)
      bugs.push(bug)
    }
  }
  return faults.length > 0 ? { bugs: [], faults } : { bugs, faults }
}

/** The layer that a bug is in: the project below src. */
export const layerOf = (bug) => /^src\/(?:Pds\.)?([^/]+)\//.exec(bug.file)?.[1] ?? 'other'
