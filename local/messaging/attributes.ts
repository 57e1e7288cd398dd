/** Attributes of queues, topics and subscriptions, from the template to the APIs. */
import type { Properties } from '../template/provisioner.ts';

/** CloudFormation's values as the API's strings. */
export function attributesOf(properties: Properties, names: readonly string[]): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of names) {
    const value = properties[name];
    if (value === undefined) continue;
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return attributes;
}

/** As the query protocol of SNS numbers them. */
export function attributeEntries(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(attributes).flatMap(([key, value], index) => [
    [`Attributes.entry.${index + 1}.key`, key],
    [`Attributes.entry.${index + 1}.value`, value],
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
