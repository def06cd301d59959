import type { LinkKind, NoticeKind } from './mail-links.js'
import type { Language } from './policy.js'

interface Wording {
  subject: string
  /** paragraphs; the link, where there is one, follows the first. `{account}` stands for the account it is about. */
  paragraphs: readonly [string, ...string[]]
}

export interface MailText {
  subject: string
  text: string
  html: string
}

const wordings: Record<Language, Record<LinkKind | NoticeKind, Wording>> = {
  en: {
    choose_password: {
      subject: 'An account was made for you',
      paragraphs: ['Open this link to choose the password of {account}:', 'It is good for 7 days and for one use. After that, ask for a password reset.']
    },
    invitation: {
      subject: 'You are invited to register',
      paragraphs: ['Open this link to register:', 'It is good for 7 days and for one use. If you did not expect it, ignore this message: no account was made.']
    },
    verify_email: {
      subject: 'Verify your email address',
      paragraphs: ['Open this link to verify your email address for {account}:', 'It is good for 24 hours. If you did not register, do not open it: you would prove your address for whoever did. Ask for a password reset instead, and the account is yours.']
    },
    confirm_new_email: {
      subject: 'Confirm your new email address',
      paragraphs: ['Open this link if {account} is to use this email address from now on:', 'It is good for 24 hours. If this is not your account, do not open it: it would bear your address and belong to somebody else.']
    },
    reset_password: {
      subject: 'Reset your password',
      paragraphs: ['Open this link to choose a new password:', 'It is good for one hour and for one use. If you did not ask for it, ignore this message: your password stays as it is.']
    },
    recover_account: {
      subject: 'Recover your account',
      paragraphs: ['Open this link to prove your email address for {account} and to choose a new password:', 'It is good for one hour and for one use. If you did not ask for it, ignore this message: your password stays as it is.']
    },
    restore_email: {
      subject: 'The email address of your account was changed',
      paragraphs: ['Another email address now stands for {account}. If this was not you, open this link to take it back:', 'It is good for 7 days. It restores this address, signs every device out, and you get a message to choose a new password. If the change was yours, ignore this message.']
    },
    password_changed: {
      subject: 'Your password was changed',
      paragraphs: ['The password of your account was changed, and your other devices were signed out.', 'If this was not you, ask for a password reset now.']
    },
    email_changed: {
      subject: 'The email address of your account was changed',
      paragraphs: ['Your account now uses another email address. Messages no longer go to this one.', 'If this was not you, tell whoever runs this service.']
    },
    deletion_requested: {
      subject: 'Your account will be deleted',
      paragraphs: ['Your account and all that is held about it will be deleted in 14 days, and every device was signed out.', 'To keep it, sign in before. If you did not ask for this, sign in and change your password.']
    },
    session_replayed: {
      subject: 'One of your devices was signed out',
      paragraphs: ['An outdated key to one of your sessions was used again, so we ended that session to protect your account.', 'This can happen when a device goes back to a backup. If you do not know why it happened, change your password.']
    }
  },
  id: {
    choose_password: {
      subject: 'Akun telah dibuat untuk Anda',
      paragraphs: ['Buka tautan ini untuk memilih kata sandi {account}:', 'Tautan berlaku selama 7 hari dan untuk satu kali pakai. Setelah itu, mintalah pengaturan ulang kata sandi.']
    },
    invitation: {
      subject: 'Anda diundang untuk mendaftar',
      paragraphs: ['Buka tautan ini untuk mendaftar:', 'Tautan berlaku selama 7 hari dan untuk satu kali pakai. Jika Anda tidak mengharapkannya, abaikan pesan ini: tidak ada akun yang dibuat.']
    },
    verify_email: {
      subject: 'Verifikasi alamat email Anda',
      paragraphs: ['Buka tautan ini untuk memverifikasi alamat email Anda bagi {account}:', 'Tautan berlaku selama 24 jam. Jika Anda tidak mendaftar, jangan dibuka: alamat Anda akan terbukti bagi orang yang mendaftar. Mintalah pengaturan ulang kata sandi, dan akun itu menjadi milik Anda.']
    },
    confirm_new_email: {
      subject: 'Konfirmasi alamat email baru Anda',
      paragraphs: ['Buka tautan ini jika {account} mulai sekarang memakai alamat email ini:', 'Tautan berlaku selama 24 jam. Jika ini bukan akun Anda, jangan dibuka: akun itu akan memakai alamat Anda tetapi milik orang lain.']
    },
    reset_password: {
      subject: 'Atur ulang kata sandi Anda',
      paragraphs: ['Buka tautan ini untuk memilih kata sandi baru:', 'Tautan berlaku selama satu jam dan untuk satu kali pakai. Jika Anda tidak memintanya, abaikan pesan ini: kata sandi Anda tidak berubah.']
    },
    recover_account: {
      subject: 'Pulihkan akun Anda',
      paragraphs: ['Buka tautan ini untuk membuktikan alamat email Anda bagi {account} dan memilih kata sandi baru:', 'Tautan berlaku selama satu jam dan untuk satu kali pakai. Jika Anda tidak memintanya, abaikan pesan ini: kata sandi Anda tidak berubah.']
    },
    restore_email: {
      subject: 'Alamat email akun Anda telah diubah',
      paragraphs: ['Alamat email {account} kini diganti dengan alamat lain. Jika bukan Anda yang melakukannya, buka tautan ini untuk mengambilnya kembali:', 'Tautan berlaku selama 7 hari. Alamat ini dipulihkan, semua perangkat dikeluarkan, dan Anda menerima pesan untuk memilih kata sandi baru. Jika Anda sendiri yang mengubahnya, abaikan pesan ini.']
    },
    password_changed: {
      subject: 'Kata sandi Anda telah diubah',
      paragraphs: ['Kata sandi akun Anda telah diubah, dan perangkat Anda yang lain telah dikeluarkan.', 'Jika bukan Anda yang melakukannya, segera minta pengaturan ulang kata sandi.']
    },
    email_changed: {
      subject: 'Alamat email akun Anda telah diubah',
      paragraphs: ['Akun Anda kini memakai alamat email lain. Pesan tidak lagi dikirim ke alamat ini.', 'Jika bukan Anda yang melakukannya, hubungi pengelola layanan ini.']
    },
    deletion_requested: {
      subject: 'Akun Anda akan dihapus',
      paragraphs: ['Akun Anda dan semua data tentangnya akan dihapus dalam 14 hari, dan semua perangkat telah dikeluarkan.', 'Untuk mempertahankannya, masuklah sebelum itu. Jika Anda tidak memintanya, masuklah dan ganti kata sandi Anda.']
    },
    session_replayed: {
      subject: 'Salah satu perangkat Anda telah dikeluarkan',
      paragraphs: ['Kunci lama dari salah satu sesi Anda dipakai lagi, maka sesi itu kami akhiri untuk melindungi akun Anda.', 'Hal ini dapat terjadi bila perangkat dipulihkan dari cadangan. Jika Anda tidak tahu sebabnya, ganti kata sandi Anda.']
    }
  }
}

const accounts: Record<Language, { named: string, unnamed: string, contested: string }> = {
  en: {
    named: 'the account',
    unnamed: 'your account',
    contested: 'This account lately had another address, whose owner can take it back for up to 7 days. If it is not yours, do not use it.'
  },
  id: {
    named: 'akun',
    unnamed: 'akun Anda',
    contested: 'Akun ini baru saja memakai alamat lain, yang pemiliknya dapat mengambilnya kembali hingga 7 hari. Jika bukan akun Anda, jangan dipakai.'
  }
}

/** What a mail's link opens, and whose account it is about. */
export interface MailOpens {
  url: string
  username: string | null
  /** whether somebody else can still take the account back */
  isContested: boolean
}

/** @param opens for mails that have a link */
export function writeMail (kind: LinkKind | NoticeKind, language: Language, opens?: MailOpens): MailText {
  const { subject, paragraphs: [opening, ...rest] } = wordings[language][kind]
  const { named, unnamed, contested } = accounts[language]
  const username = opens?.username ?? null
  const first = opening.replace('{account}', () => username === null ? unnamed : `${named} "${username}"`)
  const lines = [first, ...opens === undefined ? [] : [opens.url], ...rest, ...opens?.isContested === true ? [contested] : []]
  const blocks = lines.map(line => line === opens?.url ? `<p><a href="${escapeHtml(line)}">${escapeHtml(line)}</a></p>` : `<p>${escapeHtml(line)}</p>`)
  return {
    subject,
    text: lines.join('\n\n') + '\n',
    html: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body>${blocks.join('')}</body></html>`
  }
}

function escapeHtml (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
