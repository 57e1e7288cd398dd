// XML, and who may speak to the local endpoint.
import { describe, expect, test } from '@jest/globals';
import { loopbackFault } from '../../../../local/aws/loopback.ts';
import { parseXml, XmlFault, xml } from '../../../../local/aws/xml.ts';

describe('XML', () => {
  test('what is written is read back', () => {
    const text = xml(
      'Delete',
      { Object: [{ Key: 'a<b>&"c\'\r\n' }, { Key: 'ü😀' }], Quiet: true, Absent: undefined },
      'urn:x',
    );
    const root = parseXml(text);
    expect(root.children.map(({ name }) => name)).toEqual(['Object', 'Object', 'Quiet']);
    expect(root.children[0]?.children[0]?.text).toBe('a<b>&"c\'\r\n');
    expect(root.children[1]?.children[0]?.text).toBe('ü😀');
  });

  test('prefixes, attributes, comments, CDATA and references are read', () => {
    const root = parseXml(
      '<?xml version="1.0"?><!-- c --><s:A xmlns:s="urn:x" b="c"><B/><C><![CDATA[<&>]]>&#x41;&#66;&lt;</C></s:A>',
    );
    expect(root.name).toBe('A');
    expect(root.children[1]?.text).toBe('<&>AB<');
  });

  test.each([
    ['nothing', ''],
    ['no end', '<a>'],
    ['another end', '<a></b>'],
    ['two roots', '<a/><b/>'],
    ['text around', '<a/>b'],
    ['an end without a beginning', '</a>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['too much depth', `${'<a>'.repeat(20)}${'</a>'.repeat(20)}`],
  ])('%s is refused', (_, text) => expect(() => parseXml(text)).toThrow(XmlFault));
});

describe('who may speak to the endpoint', () => {
  test.each([
    ['127.0.0.1:4566'],
    ['localhost:4566'],
    ['[::1]:4566'],
    ['my.bucket.127.0.0.1:4566'],
    ['bucket.s3.localhost'],
  ])('a host %s', (host) => expect(loopbackFault({ host })).toBeUndefined());

  test.each<[string, Record<string, string>]>([
    ['a name that resolves to loopback', { host: 'evil.example:4566' }],
    ['a name that begins like it', { host: '127.0.0.1.evil.example' }],
    ['no host', {}],
    ['a page of another site', { host: 'localhost', origin: 'https://evil.example' }],
    ['a page without an origin', { host: 'localhost', origin: 'null' }],
    ['a form of another site', { host: 'localhost', 'sec-fetch-site': 'cross-site' }],
  ])('%s is refused', (_, headers) => expect(loopbackFault(headers)).toMatch(/loopback|web pages/));

  test('the console on this machine may', () => {
    expect(
      loopbackFault({ host: '127.0.0.1:4566', origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-site' }),
    ).toBeUndefined();
  });
});
