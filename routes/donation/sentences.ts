import type { Issue, IssueRule } from '../../src/domain/errors.js'

/** What the document's sentences call its fields. */
const names: Readonly<Record<string, string>> = {
  email: 'Email',
  password: 'Password',
  nama_lengkap: 'Nama lengkap',
  telp: 'Nomor telepon',
  role: 'Role',
  old_password: 'Password lama',
  new_password: 'Password baru',
  token: 'Token',
  id_user: 'ID user',
  limit: 'Limit',
  before: 'Before'
}

const sentences: Record<Exclude<IssueRule, 'unknown'>, (name: string) => string> = {
  boolean: name => `${name} harus berupa true atau false`,
  common: name => `${name} terlalu umum, silahkan pilih yang lain`,
  cursor: name => `${name} harus berasal dari halaman sebelumnya`,
  either: name => `${name} atau roles harus diisi, tidak keduanya`,
  email: () => 'Format email tidak valid',
  empty: () => 'Tidak ada data yang diubah',
  integer: name => `${name} harus berupa bilangan bulat`,
  label: name => `${name} harus 1 sampai 100 karakter`,
  limit: name => `${name} harus berupa bilangan bulat dari 1 sampai 100`,
  list: name => `${name} harus berupa daftar`,
  mismatch: name => `${name} tidak sama dengan password`,
  name: name => `${name} harus 1 sampai 100 karakter`,
  no_digit: name => `${name} harus mengandung angka`,
  no_letter: name => `${name} harus mengandung huruf`,
  no_symbol: name => `${name} harus mengandung simbol`,
  number: name => `${name} harus berupa angka`,
  object: () => 'Data harus berupa objek JSON',
  permission: name => `Format ${name.toLowerCase()} tidak valid`,
  phone: () => 'Format nomor telepon tidak valid',
  registration: name => `${name} harus open, invitation atau closed`,
  required: name => `${name} harus diisi`,
  roles: name => `${name} harus memuat tepat satu role utama yang aktif`,
  search: name => `${name} maksimal 200 karakter`,
  text: name => `${name} mengandung karakter yang tidak valid`,
  time: name => `${name} harus berupa waktu`,
  too_long: name => `${name} maksimal 128 karakter`,
  too_many: name => `${name} maksimal 100 isian`,
  too_short: name => `${name} minimal 8 karakter`,
  type: name => `${name} harus berupa teks`,
  username: name => `Format ${name.toLowerCase()} tidak valid`,
  uuid: name => `Format ${name.toLowerCase()} tidak valid`,
  uuids: name => `Format ${name.toLowerCase()} tidak valid`
}

/** @returns what is wrong with a field */
export function brokenField ({ field, rule }: Issue): string {
  return rule === 'unknown' ? unknownFields([{ field, rule }]) : sentences[rule](names[field] ?? field)
}

/** @returns which fields are not known, in the order in which they were sent */
export function unknownFields (issues: readonly Issue[]): string {
  return `Field tidak diizinkan: ${issues.map(issue => issue.field).join(', ')}`
}
