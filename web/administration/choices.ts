import { client } from '../session.js'
import { api } from './api.js'
import type { Standing } from './standing.js'

export interface Choice {
  id: string
  name: string
}

/** @returns the roles that may be given; without the permission to see them all, those that anybody may choose */
export async function rolesToGive ({ may, giving }: Standing): Promise<Choice[]> {
  if (!may('users.read') && !may('roles.manage')) return await client.roles()
  const [roles, mayGive] = await Promise.all([api.roles(), giving()])
  return roles.filter(mayGive)
}

/** @returns all outlets; without the permission to see them, those that are open to registration */
export async function outletsToChoose ({ may }: Standing): Promise<Choice[]> {
  return may('users.read') || may('outlets.manage') ? await api.outlets() : await client.outlets()
}
