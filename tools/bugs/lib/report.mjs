// Prints the table and the rates.
import { layerOf } from './bugs.mjs'

const isCaught = (entry) => entry.outcome === 'caught' || entry.outcome === 'hung'
const counts = (bug, entry) => isCaught(entry) || (entry.outcome === 'survived' && !bug.survives)

/** Prints what is known; gives the exit code: 0 where all bugs are caught or explained, 1 where some are not, 2 where some could not be tried. */
export const report = (bugs, results) => {
  const rows = bugs.map((bug) => ({ bug, entry: results.get(bug) ?? { outcome: 'open' } }))
  console.log('\n| bug | layer | outcome | noticed by | seconds |\n|---|---|---|---|--:|')
  for (const { bug, entry } of rows) {
    console.log(`| ${bug.id} | ${layerOf(bug)} | ${entry.outcome} | ${(entry.by ?? '').replaceAll('|', '\\|')} | ${entry.seconds ?? ''} |`)
  }

  console.log('\n| layer | bugs that count | caught | rate |\n|---|--:|--:|--:|')
  const layers = [...new Set(bugs.map(layerOf))].sort()
  for (const layer of [...layers, 'all']) {
    const of = rows.filter(({ bug }) => layer === 'all' || layerOf(bug) === layer).filter(({ bug, entry }) => counts(bug, entry))
    const caught = of.filter(({ entry }) => isCaught(entry)).length
    console.log(`| ${layer} | ${of.length} | ${caught} | ${of.length === 0 ? '' : `${((100 * caught) / of.length).toFixed(1)} %`} |`)
  }

  const list = (title, some, text) => {
    if (some.length > 0) console.log(`\n${title}:\n${some.map((row) => `- ${row.bug.id}: ${text(row)}`).join('\n')}`)
  }
  const survived = rows.filter(({ entry }) => entry.outcome === 'survived')
  const without = survived.filter(({ bug }) => !bug.survives)
  const failed = rows.filter(({ entry }) => entry.outcome === 'no compile' || entry.outcome === 'error' || entry.outcome === 'open')
  list('Survived', without, ({ bug }) => bug.breaks)
  list('Survived and explained', survived.filter(({ bug }) => bug.survives), ({ bug }) => bug.survives)
  list('Explained as surviving, but caught', rows.filter(({ bug, entry }) => bug.survives && isCaught(entry)), ({ entry }) => entry.by)
  list('Not tried', failed, ({ entry }) => `${entry.outcome}${entry.why ? `: ${entry.why}` : ''}`)
  return failed.length > 0 ? 2 : without.length > 0 ? 1 : 0
}
