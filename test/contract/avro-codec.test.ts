import { createAvroCodec } from '../../src/adapters/avro/avro-codec.ts'
import { anyEvent, schemasFolder } from '../unit/adapters/avro/arbitrary-event.ts'
import { describeCodecPort } from './codec.ts'

describeCodecPort('avro', createAvroCodec(schemasFolder), anyEvent)
