import { createRequire } from 'node:module'
import type * as NumberingPlans from 'libphonenumber-js/min'

const LONGEST = 15

let plans: typeof NumberingPlans | undefined

/** The numbering plans of all countries: a hundred files, which a server reads when it is given its first phone number. */
function numberingPlans (): typeof NumberingPlans {
  plans ??= createRequire(import.meta.url)('libphonenumber-js/min') as typeof NumberingPlans
  return plans
}

/** A country as ISO 3166-1 alpha-2 writes it. */
export type PhoneRegion = NumberingPlans.CountryCode

/** @returns the region of that code, such as ID; undefined where there is none */
export function readPhoneRegion (text: string): PhoneRegion | undefined {
  return numberingPlans().getCountries().find(country => country === text.toUpperCase())
}

/**
 * @param region where a number without a country code is dialled
 * @returns whether the text may be a phone number: of a possible length there, and at most 15 characters
 */
export function isPhoneNumber (text: string, region: PhoneRegion): boolean {
  return text.length <= LONGEST && numberingPlans().isPossiblePhoneNumber(text, region)
}
