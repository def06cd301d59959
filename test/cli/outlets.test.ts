import t from 'tap'
import { cells, json, masked, newCommandLine } from './kunci.js'

interface Outlet {
  id: string
  createdAt: string
}

t.test('outlets are listed and made', async t => {
  const kunci = await newCommandLine(t)
  const made = await kunci('outlet', 'create', 'Outlet Gaming', '--registration', 'invitation')
  t.same({ ...made, out: masked(made.out) }, { code: 0, out: 'Outlet Gaming was made: <id>\n', err: '' })
  const open = json<Outlet>(await kunci('outlet', 'create', 'Toko Satu', '--json'))
  t.same(open, { id: open.id, name: 'Toko Satu', registration: 'open', createdAt: open.createdAt, updatedAt: open.createdAt })
  const listed = await kunci('outlet', 'list')
  t.same([listed.code, listed.err], [0, ''])
  t.same(cells(listed.out), [
    ['ID', 'NAME', 'REGISTRATION', 'CREATED'],
    ['<id>', 'Main Outlet', 'open', '<time>'],
    ['<id>', 'Outlet Gaming', 'invitation', '<time>'],
    ['<id>', 'Toko Satu', 'open', '<time>']
  ])
  const { rows, next } = json<{ rows: Outlet[], next: null }>(await kunci('outlet', 'list', '--json'))
  t.same([rows.length, rows[2], next], [3, open, null])

  t.same(await kunci('outlet', 'create', 'Toko Satu'), { code: 1, out: '', err: 'kunci: another outlet has this name\n' })
  t.same(await kunci('outlet', 'create', 'Toko Dua', '--registration', 'none'), { code: 2, out: '', err: 'kunci: --registration was "none", but takes one of open, invitation, closed\n' })
  t.same(await kunci('outlet', 'create', 'Toko\nDua'), { code: 2, out: '', err: 'kunci: NAME was "Toko\\nDua", but takes 1 to 100 characters, none of them a control character, no space at the ends\n' })
})
