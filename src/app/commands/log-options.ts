/** What is used here of a command of commander. */
interface Optioned {
  option(flags: string, description: string): unknown
}

const options = [
  ['--log <where>', 'embedded or kafka (default: embedded)'],
  ['--kafka-brokers <list>', 'brokers as host:port,host:port'],
  ['--kafka-prefix <text>', 'what the topics begin with (default: settlement.)'],
  ['--kafka-group <name>', 'the consumer group (default: settlement)'],
  ['--kafka-tls <state>', 'off or on (default: off)'],
  ['--kafka-ca <file>', "the brokers' authority, as PEM"],
  ['--kafka-cert <file>', 'the own certificate, as PEM'],
  ['--kafka-key <file>', 'its key, as PEM'],
  ['--kafka-sasl <way>', 'none, plain, scram-sha-256, scram-sha-512 or oauthbearer'],
  ['--kafka-user <name>', 'the name to log in with'],
  ['--kafka-password-file <file>', 'where the password or token is'],
  ['--kafka-timeout <ms>', 'silence after which partitions are lost (default: 10000)'],
] as const

/** Adds the options that say which log a command is about, and how to reach one on Kafka. */
export function addLogOptions(command: Optioned): void {
  for (const [flags, description] of options) command.option(flags, description)
}
