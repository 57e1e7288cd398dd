/** XML bodies of requests. */
import { Refusal } from '../aws/refusal.ts';
import { type Element, parseXml, XmlFault } from '../aws/xml.ts';

export function malformedXml(): Refusal {
  return new Refusal(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

export function requestXml(bytes: Buffer, root: string): Element {
  try {
    const element = parseXml(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    if (element.name === root) return element;
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
  }
  throw malformedXml();
}
