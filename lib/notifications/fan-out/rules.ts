import type { ChannelName } from "../inputs";

/** Deliveries of one channel that become due together. */
export interface DeliveryBatch {
  channel: ChannelName;
  deliverAfter: string;
  deliveryIds: string[];
}

const batchSize = 100;

/** Groups what is due together on one channel, at most a hundred a step. */
export function inBatches(rows: { id: string; channel: string; deliverAfter: Date }[]): DeliveryBatch[] {
  const groups = new Map<string, DeliveryBatch>();
  for (const row of rows) {
    const deliverAfter = row.deliverAfter.toISOString();
    const key = `${row.channel} ${deliverAfter}`;
    const group = groups.get(key) ?? { channel: row.channel as ChannelName, deliverAfter, deliveryIds: [] };
    group.deliveryIds.push(row.id);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ deliveryIds, ...rest }) =>
    Array.from({ length: Math.ceil(deliveryIds.length / batchSize) }, (_, index) => ({
      ...rest,
      deliveryIds: deliveryIds.slice(index * batchSize, (index + 1) * batchSize),
    })),
  );
}
