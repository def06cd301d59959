import { SelectField } from '../../components/field.js'
import { Message } from '../../components/message.js'
import { says } from '../../language.js'
import { useLoading } from '../../loading.js'
import { type Choice, outletsToChoose, rolesToGive } from '../choices.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'

/** @param props `current`: the outlet that stands in it at first, also before the others are known */
export function OutletField ({ current = null }: { current?: Choice | null }) {
  const standing = useStanding()
  const { value: outlets, trouble } = useLoading(async () => await outletsToChoose(standing))
  return (
    <>
      <SelectField name='outlet_id' label={says.outlet} choices={outlets ?? (current === null ? undefined : [current])} value={current?.id} none={tells.users.noOutlet} isOptional />
      <Message isBad>{trouble?.message}</Message>
    </>
  )
}

export function RoleField () {
  const standing = useStanding()
  const { value: roles, trouble } = useLoading(async () => await rolesToGive(standing))
  return (
    <>
      <SelectField name='role_id' label={says.role} choices={roles} />
      <Message isBad>{trouble?.message}</Message>
    </>
  )
}
