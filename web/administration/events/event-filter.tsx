import { useId } from 'preact/hooks'
import { Form } from '../../components/form.js'
import { SelectField } from '../../components/field.js'
import { FieldError } from '../../problems.js'
import { language, says } from '../../language.js'
import type { Query } from '../api.js'
import { FieldsetTrouble } from '../parts/fieldset-trouble.js'
import { tells } from '../sentences.js'

const types = Object.entries(says.events).map(([id, name]) => ({ id, name })).sort((one, other) => one.name.localeCompare(other.name, language))

interface EventFilterProps {
  /** `from`, `to`: as ISO 8601 has them */
  filter: { type?: string | undefined, from?: string | undefined, to?: string | undefined }
  onChoose: (filter: Query) => void
}

/** Narrows the events to a type and a time. */
export function EventFilter ({ filter, onChoose }: EventFilterProps) {
  const isSet = Object.values(filter).some(value => value !== undefined)

  async function choose ({ type, from = '', to = '' }: Record<string, string>): Promise<void> {
    if (from !== '' && to !== '' && to <= from) throw new FieldError('to', tells.events.order)
    onChoose({ type, from: from === '' ? undefined : new Date(from).toISOString(), to: to === '' ? undefined : new Date(to).toISOString() })
  }

  return (
    <div class='filter' key={String(isSet)}>
      <Form submit={tells.events.apply} kind='second' send={choose}>
        <SelectField name='type' label={tells.events.type} choices={types} value={filter.type} none={tells.all} isOptional />
        <TimeField name='from' label={tells.events.from} value={filter.from} />
        <TimeField name='to' label={tells.events.to} value={filter.to} />
        <FieldsetTrouble names={['to']} />
      </Form>
      {isSet && <div class='actions'><button class='button text small' type='button' onClick={() => { onChoose({ type: undefined, from: undefined, to: undefined }) }}>{tells.events.reset}</button></div>}
    </div>
  )
}

function TimeField ({ name, label, value }: { name: string, label: string, value: string | undefined }) {
  const id = useId()
  return (
    <div class='field'>
      <label for={id}>{label}</label>
      <input id={id} name={name} class='input' type='datetime-local' defaultValue={value === undefined ? '' : localTime(value)} />
    </div>
  )
}

/** @returns a time as the browser's field for one has it, in its own zone */
function localTime (time: string): string {
  const moment = new Date(time)
  if (Number.isNaN(moment.getTime())) return ''
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
