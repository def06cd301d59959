/** Hashes as other systems wrote them, each with the password that it was made of. */
export interface Encoding {
  origin: string
  password: string
  hash: string
}

const password = 'Kunci-lama 7é'

export const encodings: readonly Encoding[] = [
  { origin: 'bcrypt 2a by pyca/bcrypt 5.0', password, hash: '$2a$05$iKsMqataF0FlP8esYw1vaOU4ykILJu1n9KyB5PCZbrI3ny6NhrB1i' },
  { origin: 'bcrypt 2b by pyca/bcrypt 5.0', password, hash: '$2b$05$aD7X1pmsHZCmp4HWWUhFxu43DmR3UMXkkAQK6ziENPiJKJk1moRrO' },
  { origin: 'bcrypt 2y by libxcrypt 4.4', password, hash: '$2y$05$abcdefghijklmnopqrstuubBvOziOylRSGeSdIXl25SZhJSlhQBdK' },
  { origin: 'bcrypt by Django 5.2', password, hash: 'bcrypt$$2b$05$jD2jVVXLMs3yVAb.1qVwmuspeY3HUl2DJCi2Fw/jtOYhkFQ6/YDlK' },
  { origin: 'bcrypt after SHA-256 by Django 5.2', password, hash: 'bcrypt_sha256$$2b$05$/h3X7Vsi5psm9mOIepDbHetNxUtwa7nflcGwXiXPsiGbgcVWzGOTS' },
  { origin: 'Argon2id by argon2-cffi 25.1', password, hash: '$argon2id$v=19$m=1024,t=2,p=2$Z7J1gxvG6zKgeFIyUhwUtw$MFRIs9SZfNh17cG70TznReijdP4heiyjrFrs2miqCF8' },
  { origin: 'Argon2i by argon2-cffi 25.1', password, hash: '$argon2i$v=19$m=1024,t=2,p=2$BaGPvicRHidaBImiqiKw1A$JLnKpVN+XtWRhoYGpDSTpj+LgrX4/ufjBFnvj9hV+Vs' },
  { origin: 'Argon2d by argon2-cffi 25.1', password, hash: '$argon2d$v=19$m=1024,t=2,p=2$l2fkztyU/dOMqXfn1BmECg$Vj5WgFLCghx7/DalcJLTT9Sw/TDqnKviv6GkKt6zubA' },
  { origin: 'Argon2i of version 16 by argon2-cffi 25.1', password, hash: '$argon2i$v=16$m=512,t=2,p=1$Z2FyYW1nYXJhbTEyMzQ1Ng$5/DGafciUPKGEzISUwA3yySAdPfsmcw6VL9Hl748Bwc' },
  { origin: 'Argon2i without a version, from the reference implementation\'s tests', password: 'password', hash: '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ' },
  { origin: 'Argon2id from the reference implementation\'s tests', password: 'password', hash: '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc' },
  { origin: 'Argon2id by Django 5.2', password, hash: 'argon2$argon2id$v=19$m=1024,t=2,p=8$VHd3WFdNSHF1eW1FOTNYVmpYZVNwbw$XDTqFa97bOlHitQyRUxq7MclkTVNkANoRiU9/HN4wKI' },
  { origin: 'scrypt of RFC 7914, section 12, as a PHC string', password: 'pleaseletmein', hash: '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw' },
  { origin: 'scrypt by passlib 1.7', password, hash: '$scrypt$ln=10,r=8,p=1$7r1XilGKsRaCEILwHoPQeg$0WTNz4oexIlwNK654t9bTj+scMgi6FnXITwl3QbZ3SU' },
  { origin: 'scrypt by Werkzeug 3.1', password, hash: 'scrypt:1024:8:1$L8G4ti9a8pypTPcx$2e1b3623ca6454accb71809cbb3cc7227a9128627c7c488c4d31ccd5072615cf88e1cf3a542018c9f1009effe993e539e169fe10c14051e7c02916092184aefb' },
  { origin: 'scrypt of two lanes by Werkzeug 3.1', password, hash: 'scrypt:1024:8:2$c4WarF1QwqJVzRIk$4044a00d68f65391edcebfdd1e750811251b1afda6d6bddd0901732370bbe0cbe372153d4ae05cffc1d9d656cc9d1f086bed77b83bdd939aae07a92820bfc48d' },
  { origin: 'scrypt by Django 5.2', password, hash: 'scrypt$1024$WT8A8Xk5fqXiI6Cuz8JMpK$8$5$mqQv+Shq2UurPOdUe6xF3OrYk8NT6jNV4Ll3/7+csrtqcBnzrDyixiZpw1TDR4crGEgCLZkpDoqnBwjr2OZuLQ==' },
  { origin: 'scrypt of Firebase\'s published sample', password: 'user1password', hash: '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==' },
  { origin: 'PBKDF2 with SHA-1 by passlib 1.7', password, hash: '$pbkdf2$1000$khICIEQoZUxJiRHCeA9B6A$dzfK4GcZ.YrB3wfkXV8Tu0fNzwQ' },
  { origin: 'PBKDF2 with SHA-256 by passlib 1.7', password, hash: '$pbkdf2-sha256$1000$xxgjhNBay9k7Z4zxfu89xw$WQES7fOk28ROSebSclOZ4ezthRmo1BBQWupJAtLOTK8' },
  { origin: 'PBKDF2 with SHA-512 by passlib 1.7', password, hash: '$pbkdf2-sha512$1000$R4gxRohRqlUKgbA2RohRqg$K4ClIqAnYvF59wTSYkWSRAudwoeZa39LHo/OZEWSLCMjaRfTGAJDmZyKUjRAnMR0.Tyb8dTQug3pNagVxcqeHg' },
  { origin: 'PBKDF2 with SHA-256 by Django 5.2', password, hash: 'pbkdf2_sha256$1000$cDhuq7BJ2Vy5IfdqEtZa4y$i/mDbSTJjxBFz9gwRHwr/HFSExFstx2UEUIL8Gx3pvo=' },
  { origin: 'PBKDF2 with SHA-1 by Django 5.2', password, hash: 'pbkdf2_sha1$1000$8kjGfdksHoP0mdB2FECCmd$97LwlGND9Xq3uP7C9LBrnaQ7xUw=' },
  { origin: 'PBKDF2 with SHA-1 of RFC 6070, as Werkzeug writes it', password: 'password', hash: 'pbkdf2:sha1:4096$salt$4b007901b765489abead49d926f721d065a429c1' },
  { origin: 'PBKDF2 with SHA-256 by Werkzeug 3.1', password, hash: 'pbkdf2:sha256:1000$iOnN7H8ek7vXkebA$0575fa26a428d9f68a472d94bd146be4fbc5a26414954bc944a7fc9877581047' },
  { origin: 'PBKDF2 with SHA-512 by Werkzeug 3.1', password, hash: 'pbkdf2:sha512:1000$QhHunu4v9ipZnPh2$3b94fe988a8e5c1508e8c4bcd911576e82bf458a9b7c8d8c82186e9cc524e7532b190da490494362159f7837410474bafba0b4a241eb51729132832e02aaca33' },
  { origin: 'PBKDF2 with SHA-256 of Keycloak\'s 64 bytes, by Python\'s hashlib', password, hash: '$pbkdf2-sha256$27500$AAECAwQFBgcICQoLDA0ODw==$+xC5fYSY89i0cpH4t71K74jDxYv6DlWpj5pqR9ZeLnJwvojEsbVXfXHjzhQQrWPBS5ulwL2C4Cjz1rH3V686Xw==' },
  { origin: 'PBKDF2 with SHA-512 of Keycloak\'s 64 bytes, by Python\'s hashlib', password, hash: '$pbkdf2-sha512$30000$AAECAwQFBgcICQoLDA0ODw==$PRny7LJEtPOIzzNxEejYrpwqWamRJv8S5jfaq+tAPUpMwP4GopYYZRBip4RUdOV6cMPCteyA9B9EqlBzzCQ9CQ==' },
  { origin: 'PBKDF2 with SHA-1 of Keycloak\'s 64 bytes, by Python\'s hashlib', password, hash: '$pbkdf2$20000$AAECAwQFBgcICQoLDA0ODw==$gjV6S0QD3AlMiaWgTAMSX7npK58IeXTOr/rT7cEnxktMGkSD9z8zc4xG/yVImMnalh7pubOVChBJLg3K81i19A==' }
]
