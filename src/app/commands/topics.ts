import type { Command } from '@commander-js/extra-typings'
import { partitionCount } from './load.ts'
import { addLogOptions } from './log-options.ts'

const at = '--log kafka --kafka-brokers 127.0.0.1:9092 --partitions 4'
const config = 'settings as a JSON object; flags and environment win'

/** Adds `topics plan` and `topics apply`: the topics of a log on Kafka. */
export function registerTopics(program: Command): void {
  const topics = program
    .command('topics')
    .description('Compare the topics of a log on Kafka with what is wanted, and create them')
    .addHelpText('before', `Example:\n  settle topics apply ${at}\n`)
  const plan = topics
    .command('plan')
    .description('Say what is there, what is wrong with it, and what apply would create')
    .option('--config <file>', config)
    .option('--partitions <n>', 'partitions of topics that are missing', partitionCount)
    .addHelpText('before', `Example:\n  settle topics plan ${at}\n`)
    .action(async ({ partitions, ...flags }) => {
      const { planTopics } = await import('../kafka/run-topics.ts')
      await planTopics({ ...flags, topicPartitions: partitions })
    })
  addLogOptions(plan)
  const apply = topics
    .command('apply')
    .description('Create the topics that are missing; nothing else is changed')
    .option('--config <file>', config)
    .option('--partitions <n>', 'their partitions, which cannot change later', partitionCount)
    .addHelpText('before', `Example:\n  settle topics apply ${at}\n`)
    .action(async ({ partitions, ...flags }) => {
      const { applyTopics } = await import('../kafka/run-topics.ts')
      await applyTopics({ ...flags, topicPartitions: partitions })
    })
  addLogOptions(apply)
}
