import Bowser from 'bowser'

export type Device = 'phone' | 'tablet' | 'desktop' | 'unknown'

const devices: Readonly<Record<string, Device>> = { mobile: 'phone', tablet: 'tablet', desktop: 'desktop' }

/** @returns what kind of device a User-Agent header tells of; what it claims, no more */
export function deviceOf (userAgent: string | null): Device {
  if (userAgent === null || userAgent === '') return 'unknown'
  return devices[Bowser.parse(userAgent).platform.type ?? ''] ?? 'unknown'
}
