import { Command } from 'commander'
import { addDoctorCommand } from './doctor.js'
import { addEventsCommand } from './events.js'
import { addKeyCommands } from './keys.js'
import { addMailCommands } from './mail.js'
import { addMigrateCommand } from './migrate.js'
import { addOutletCommands } from './outlets.js'
import { addRoleCommands } from './roles.js'
import { addSessionCommands } from './sessions.js'
import { addUserCommands } from './users.js'
import type { Config } from '../config.js'
import { version } from '../version.js'

/**
 * The command line: works on the installation's database, whether or not the server runs.
 *
 * @param readConfig called by a command when it is run, not before: its help needs no configuration
 */
export function createProgram (readConfig: () => Config): Command {
  const program = new Command('kunci')
    .description('Runs an installation of Kunci, by the configuration that its server reads from the environment.')
    .version(version)
    // What stands behind a command is the command's, be it a name that looks like an option of all.
    .enablePositionalOptions()

  addMigrateCommand(program, readConfig)
  addUserCommands(program, readConfig)
  addRoleCommands(program, readConfig)
  addOutletCommands(program, readConfig)
  addSessionCommands(program, readConfig)
  addKeyCommands(program, readConfig)
  addEventsCommand(program, readConfig)
  addMailCommands(program, readConfig)
  addDoctorCommand(program, readConfig)
  return program
}
