// Jobs through BullMQ, from the queue to their end, on the Redis of the first argument.
import { Queue, Worker } from 'bullmq';

const [url, jobs, concurrency] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { hostname: host, port, password } = new URL(url);
const connection = { host, port: Number(port), password, maxRetriesPerRequest: null };
const name = 'flotilla-bench';
const queue = new Queue(name, { connection });
const BULK = 250;

async function round(count) {
  let left = count;
  const worker = new Worker(name, async () => {}, { connection, concurrency, autorun: false });
  const done = new Promise((resolve) => {
    worker.on('completed', () => --left === 0 && resolve());
  });
  await worker.waitUntilReady();
  const start = process.hrtime.bigint();
  const running = worker.run();
  for (let from = 0; from < count; from += BULK) {
    const bulk = Array.from({ length: Math.min(BULK, count - from) }, (_, i) => ({
      name: 'job',
      data: { n: from + i },
      opts: { removeOnComplete: true, priority: 2 },
    }));
    await queue.addBulk(bulk);
  }
  await done;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  await worker.close();
  await running;
  return count / seconds;
}

// The first round only warms up.
await round(Math.min(jobs, 5000));
console.log(await round(jobs));
await queue.obliterate({ force: true });
await queue.close();
