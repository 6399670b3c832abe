// What is known of each bug, in a file that a later run continues.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const digest = (bug) => createHash('sha256').update(JSON.stringify([bug.file, bug.find, bug.replace, bug.tests])).digest('hex').slice(0, 16)

export class Results {
  constructor(file, commit, { all, anyCommit }) {
    this.file = file
    this.commit = commit
    this.all = all
    this.anyCommit = anyCommit
    this.entries = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  }

  /** What is known of a bug as it is written today, or nothing. */
  get(bug) {
    const entry = this.entries[bug.id]
    return entry?.digest === digest(bug) && entry.all === this.all && (this.anyCommit || entry.commit === this.commit) ? entry : undefined
  }

  has(bug) {
    const entry = this.get(bug)
    return entry !== undefined && entry.outcome !== 'error'
  }

  add(bug, result) {
    this.entries[bug.id] = { digest: digest(bug), commit: this.commit, all: this.all, ...result }
    mkdirSync(dirname(this.file), { recursive: true })
    writeFileSync(`${this.file}.new`, `${JSON.stringify(this.entries, null, 2)}\n`)
    renameSync(`${this.file}.new`, this.file)
  }
}
