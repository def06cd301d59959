import { useContext } from 'preact/hooks'
import { FieldTroubles } from '../../components/form.js'

/** What is wrong with fields that have no place of their own, such as `roles` and `roles[0].role_id`. */
export function FieldsetTrouble ({ names }: { names: readonly string[] }) {
  const troubles = Object.entries(useContext(FieldTroubles)).filter(([field]) => names.some(name => field === name || field.startsWith(`${name}[`)))
  return <>{troubles.map(([field, sentence]) => <p key={field} class='wrong'>{sentence}</p>)}</>
}
