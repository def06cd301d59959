import { Title } from '../components/title.js'
import { says } from '../language.js'
import { OnlySignedIn } from '../components/only-signed-in.js'

/** The pages of administration, loaded by whoever opens one. */
export default function Administration () {
  return <OnlySignedIn>{() => <div class='wide'><Title>{says.toManage}</Title></div>}</OnlySignedIn>
}
