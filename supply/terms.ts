/** The licences that a package which production needs may have, and what is known of packages beside what they say themselves. */

/** SPDX identifiers, each with why its terms suit a product under Apache-2.0 that others deploy into their own accounts. */
export const ALLOWED: Readonly<Record<string, string>> = {
  '0BSD': 'asks for nothing',
  'Apache-2.0': 'the licence of this project',
  'BSD-2-Clause': 'asks for its notice alone',
  'BSD-3-Clause': 'asks for its notice, and not to use the names of its holders',
  'BlueOak-1.0.0': 'asks for its text alone',
  ISC: 'asks for its notice alone',
  MIT: 'asks for its notice alone',
  Zlib: 'asks not to be misrepresented, and for its notice in source alone',
  'Bitstream-Vera': 'fonts: may be embedded and passed on with software, not sold by themselves',
  'OFL-1.1': 'fonts: may be embedded and passed on with software, not sold by themselves',
  'LicenseRef-Amazon-DynamoDB-Local':
    'not open source. It runs on the machine of whoever starts or tests this project, and is no part of what is deployed. It asks ' +
    'for an AWS account in good standing and for internal use; npm fetches it from its publisher, AWS, and nobody here passes it on',
};

interface Stated {
  readonly licence: string;
  /** Where that is said. */
  readonly because: string;
}

/** Packages whose package.json names no licence, or not as SPDX does. */
export const STATED: Readonly<Record<string, Stated>> = {
  'dejavu-fonts-ttf': {
    licence: 'Bitstream-Vera',
    because: 'its LICENSE; what DejaVu changed is in the public domain',
  },
  'png-js': { licence: 'MIT', because: 'its LICENSE' },
};

export interface Carried {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The package that holds it. */
  readonly within: string;
  /** Files of that package. */
  readonly texts: readonly string[];
}

/** Software with terms of its own inside a package with other ones. */
export const CARRIED: readonly Carried[] = [
  {
    name: 'DynamoDB Local',
    version: '1.25.1',
    licence: 'LicenseRef-Amazon-DynamoDB-Local',
    within: 'amplify-dynamodb-simulator',
    texts: ['emulator/LICENSE.txt', 'emulator/THIRD-PARTY-LICENSES.txt'],
  },
];
