import lazy, { ErrorBoundary } from 'preact-iso/lazy'
import { LocationProvider, Route, Router } from 'preact-iso/router'
import { pagePaths } from '../src/page-paths.js'
import { Account } from './account/index.js'
import { Layout } from './components/layout.js'
import { AcceptInvitation } from './pages/accept-invitation.js'
import { CheckMail } from './pages/check-mail.js'
import { Farewell } from './pages/farewell.js'
import { ForgotPassword } from './pages/forgot-password.js'
import { Home } from './pages/home.js'
import { NotFound } from './pages/not-found.js'
import { RecoverAccount } from './pages/recover-account.js'
import { Register } from './pages/register.js'
import { ResetPassword } from './pages/reset-password.js'
import { RestoreEmail } from './pages/restore-email.js'
import { SignIn } from './pages/sign-in.js'
import { VerifyEmail } from './pages/verify-email.js'
import { at } from './settings.js'

const Administration = lazy(() => import('./administration/index.js'))

/** What stands at which address; `/account` and `/manage` have parts of their own. */
const pages = [
  [pagePaths.home, Home],
  [pagePaths.signIn, SignIn],
  [pagePaths.register, Register],
  [pagePaths.checkMail, CheckMail],
  [pagePaths.forgotPassword, ForgotPassword],
  [pagePaths.farewell, Farewell],
  [pagePaths.verifyEmail, VerifyEmail],
  [pagePaths.resetPassword, ResetPassword],
  [pagePaths.acceptInvitation, AcceptInvitation],
  [pagePaths.restoreEmail, RestoreEmail],
  [pagePaths.recoverAccount, RecoverAccount],
  [pagePaths.account, Account],
  [`${pagePaths.account}/:part`, Account],
  [pagePaths.manage, Administration],
  [`${pagePaths.manage}/*`, Administration]
] as const

export function App () {
  return (
    <LocationProvider>
      <Layout>
        <ErrorBoundary>
          <Router>
            {pages.map(([path, component]) => <Route key={path} path={at(path)} component={component} />)}
            <Route default component={NotFound} />
          </Router>
        </ErrorBoundary>
      </Layout>
    </LocationProvider>
  )
}
