// Before everything else: it takes a mail's token out of the address.
import './mailed-token.js'
import { render } from 'preact'
import { App } from './app.js'
import { language } from './language.js'

document.documentElement.lang = language
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
