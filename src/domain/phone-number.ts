import { type CountryCode, getCountries, isPossiblePhoneNumber } from 'libphonenumber-js/min'

const LONGEST = 15

/** A country as ISO 3166-1 alpha-2 writes it. */
export type PhoneRegion = CountryCode

/** @returns the region of that code, such as ID; undefined where there is none */
export function readPhoneRegion (text: string): PhoneRegion | undefined {
  return getCountries().find(country => country === text.toUpperCase())
}

/**
 * @param region where a number without a country code is dialled
 * @returns whether the text may be a phone number: of a possible length there, and at most 15 characters
 */
export function isPhoneNumber (text: string, region: PhoneRegion): boolean {
  return text.length <= LONGEST && isPossiblePhoneNumber(text, region)
}
