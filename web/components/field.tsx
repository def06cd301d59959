import type { ComponentChildren } from 'preact'
import { useContext, useId, useState } from 'preact/hooks'
import { says } from '../language.js'
import { FieldTroubles } from './form.js'

interface FieldProps {
  /** as the server knows it */
  name: string
  label: string
  hint?: string
  isOptional?: boolean
}

/** What a control must have, so that its label, its hint and what is wrong with it belong to it. */
interface ControlProps {
  id: string
  name: string
  required: boolean
  class: string
  'aria-invalid': boolean
  'aria-describedby': string | undefined
}

function Labelled ({ name, label, hint, isOptional = false, control }: FieldProps & { control: (props: ControlProps) => ComponentChildren }) {
  const id = useId()
  const wrong = useContext(FieldTroubles)[name]
  const described = [wrong === undefined ? '' : `${id}-wrong`, hint === undefined ? '' : `${id}-hint`].filter(part => part !== '').join(' ')
  return (
    <div class='field'>
      <label for={id}>{label}{isOptional && <span class='optional'> ({says.optional})</span>}</label>
      {control({ id, name, required: !isOptional, class: 'input', 'aria-invalid': wrong !== undefined, 'aria-describedby': described === '' ? undefined : described })}
      {wrong !== undefined && <p class='wrong' id={`${id}-wrong`}>{wrong}</p>}
      {hint !== undefined && <p class='hint' id={`${id}-hint`}>{hint}</p>}
    </div>
  )
}

// Preact's types of an input take one literal type at a time, not a choice of them.

export interface TextFieldProps extends FieldProps {
  type?: 'text' | 'email' | 'search'
  /** as HTML names what is asked for, so that browsers and password managers can fill it in */
  autocomplete: AutoFill | 'nickname'
  /** what stands in it at first */
  value?: string
}

export function TextField ({ type = 'text', autocomplete, value = '', ...field }: TextFieldProps) {
  return (
    <Labelled
      {...field} control={props => (
        <input {...props} type={type as 'text'} autocomplete={autocomplete} defaultValue={value} autocapitalize='none' spellcheck={false} />
      )}
    />
  )
}

export function PasswordField ({ autocomplete, ...field }: FieldProps & { autocomplete: 'current-password' | 'new-password' }) {
  const [isShown, show] = useState(false)
  return (
    <Labelled
      {...field} control={props => (
        <span class='with-button'>
          <input {...props} type={(isShown ? 'text' : 'password') as 'password'} autocomplete={autocomplete} autocapitalize='none' spellcheck={false} />
          <button type='button' aria-controls={props.id} aria-label={isShown ? says.hidePassword : says.showPassword} onClick={() => { show(!isShown) }}>
            {isShown ? says.hide : says.show}
          </button>
        </span>
      )}
    />
  )
}

/** Two fields for one password, of which the second is to be the same as the first. */
export function NewPasswordFields ({ name = 'password', confirmName = 'confirmPassword', label = says.password, hint = says.passwordHint }: { name?: string, confirmName?: string, label?: string, hint?: string }) {
  return (
    <>
      <PasswordField name={name} label={label} hint={hint} autocomplete='new-password' />
      <PasswordField name={confirmName} label={says.repeatPassword} autocomplete='new-password' />
    </>
  )
}

export interface SelectFieldProps extends FieldProps {
  /** undefined while they are on their way */
  choices: ReadonlyArray<{ id: string, name: string }> | undefined
  /** the choice that stands in it at first */
  value?: string | undefined
  /** what choosing none is called */
  none?: string
}

export function SelectField ({ choices, value = '', none = says.choose, ...field }: SelectFieldProps) {
  return (
    <Labelled
      {...field} control={props => (
        <select {...props}>
          <option value=''>{choices === undefined ? says.waiting : none}</option>
          {choices?.map(({ id, name }) => <option key={id} value={id} selected={id === value}>{name}</option>)}
        </select>
      )}
    />
  )
}
