import { language } from '../language.js'
import { en, type Sentences } from './languages/en.js'
import { id } from './languages/id.js'

/** What the pages of administration say. */
export const tells: Sentences = { en, id }[language]
