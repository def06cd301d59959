import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { pagePaths } from '../../src/page-paths.js'
import { PasswordField } from '../components/field.js'
import { Form } from '../components/form.js'
import { Message } from '../components/message.js'
import { Title } from '../components/title.js'
import { farewell } from '../farewell.js'
import { says } from '../language.js'
import { client } from '../session.js'
import { at } from '../settings.js'

export function Data () {
  return (
    <>
      <Title>{says.data.title}</Title>
      <Download />
      <Deletion />
    </>
  )
}

function Download () {
  const [isDone, setDone] = useState(false)

  async function download (): Promise<void> {
    setDone(false)
    const data = await client.exportAccount()
    const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = 'account.json'
    link.click()
    URL.revokeObjectURL(url)
    setDone(true)
  }

  return (
    <section class='card'>
      <div class='heading'>
        <h2>{says.data.downloadTitle}</h2>
        <p class='quiet'>{says.data.downloadText}</p>
      </div>
      <Form submit={says.data.download} kind='second' send={download} />
      <Message>{isDone && says.data.downloaded}</Message>
    </section>
  )
}

function Deletion () {
  const { route } = useLocation()

  async function send ({ password = '' }: Record<string, string>): Promise<void> {
    farewell.deletedAt = (await client.deleteAccount(password)).deletedAt
    route(at(pagePaths.farewell), true)
  }

  return (
    <section class='card'>
      <div class='heading'>
        <h2>{says.data.deleteTitle}</h2>
        <p class='quiet'>{says.data.deleteText}</p>
      </div>
      <Form submit={says.data.deleteSubmit} kind='danger' send={send}>
        <PasswordField name='password' label={says.currentPassword} autocomplete='current-password' />
      </Form>
    </section>
  )
}
