import { useId } from 'preact/hooks'

interface CheckboxProps {
  label: string
  /** what is read out where the label alone does not say enough */
  spoken?: string
  hint?: string | undefined
  name?: string
  value?: string
  type?: 'checkbox' | 'radio'
  isDisabled?: boolean
  isChecked: boolean
  /** where it is missing, what is chosen is read from the form */
  onChange?: (isChecked: boolean) => void
}

export function Checkbox ({ label, spoken, hint, name, value = 'on', type = 'checkbox', isDisabled = false, isChecked, onChange }: CheckboxProps) {
  const id = useId()
  const common = { id, class: 'check-box', value, disabled: isDisabled, 'aria-label': spoken, 'aria-describedby': hint === undefined ? undefined : `${id}-hint`, ...name === undefined ? {} : { name } }
  const state = onChange === undefined ? { defaultChecked: isChecked } : { checked: isChecked, onChange: (event: { currentTarget: HTMLInputElement }) => { onChange(event.currentTarget.checked) } }
  return (
    <span class='check'>
      {type === 'radio' ? <input type='radio' {...common} {...state} /> : <input type='checkbox' {...common} {...state} />}
      <span class='two-lines'>
        <label for={id}>{label}</label>
        {hint !== undefined && <span class='quiet small' id={`${id}-hint`}>{hint}</span>}
      </span>
    </span>
  )
}
