import { Command, CommanderError } from 'commander'
import { addDoctorCommand } from './cli/doctor.js'
import { addKeyCommands } from './cli/keys.js'
import { type Config, readConfig } from './config.js'
import { contracts } from './contracts.js'
import { startFailure } from './start-failure.js'
import { version } from './version.js'

/** The command line: works on the installation's database, whether or not the server runs. */
let config: Config | undefined
const program = new Command('kunci')
  .description('Runs an installation of Kunci, by the configuration that its server reads from the environment.')
  .version(version)
  .showHelpAfterError()
  .exitOverride()

const readInstallation = () => {
  config = readConfig(process.env, contracts)
  return config
}
addKeyCommands(program, readInstallation)
addDoctorCommand(program, readInstallation)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else {
    process.stderr.write(`${startFailure(error, config?.databaseDirectUrl)}\n`)
    process.exitCode = 1
  }
}
