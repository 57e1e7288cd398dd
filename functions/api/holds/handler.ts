// The function holds, wired from its environment.
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { StateMachineSweeper, stateMachineClient } from '../../../adapters/stepfunctions/sweeper.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { HOLD } from '../../../names/hold.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import { requiredText } from '../../shared/environment.ts';
import { newId } from '../../shared/id.ts';
import { openReadRecording } from '../../shared/recording.ts';
import { accessOf } from '../shared/access.ts';
import { http } from '../shared/http.ts';
import { holds } from './holds.ts';
import { holdProblem } from './problems.ts';

const { env } = process;
const now = () => new Date();
const store = new S3EvidenceStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv));

export const handler = http(
  'holds',
  holds({
    ports: {
      events: new HoldEvents(store, now),
      recording: openReadRecording(env, now),
      sweeper: new StateMachineSweeper(stateMachineClient(), requiredText(env, HOLD.sweepMachineEnv)),
      now,
    },
    access: accessOf(env, now),
    newId,
  }),
  { describe: holdProblem },
);
