/**
 * Loaded into a server's process before anything else: the clock of its machine, as a program sees it. It begins where
 * `CLOCK_AHEAD` says, and SIGALRM moves it on through those: seconds ahead of the true time, separated by commas.
 */
const [first = 0, ...later] = (process.env['CLOCK_AHEAD'] ?? '0').split(',').map(Number)
let ahead = first
process.on('SIGALRM', () => { ahead = later.shift() ?? ahead })

globalThis.Date = new Proxy(Date, {
  construct (target, args: unknown[], newTarget) {
    return Reflect.construct(target, args.length === 0 ? [target.now() + ahead * 1000] : args, newTarget)
  },
  get (target, property) {
    return property === 'now' ? () => target.now() + ahead * 1000 : Reflect.get(target, property)
  }
})
