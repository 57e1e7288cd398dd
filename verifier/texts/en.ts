// What the web verifier says, in English. The report itself is the command's, and in English everywhere.
export const en = {
  'page.title': 'Verify evidence',
  'page.lead':
    'Checks a bundle, an export or the proof of an entry from its bytes alone. Nothing leaves this device: the page has no way to the network.',
  'page.noscript':
    'This page needs JavaScript. Without it, use the command: node indelible-verify.mjs FILE --keys keys.txt',
  'page.language': 'Language',
  'file.title': 'Evidence',
  'file.drop': 'Drop the file here, or the folder that it was unpacked into',
  'file.choose': 'Choose files',
  'file.folder': 'Choose a folder',
  'file.none': 'Nothing chosen yet.',
  'file.one': '{name}, {size}',
  'file.many': '{name}: {count} files, {size}',
  'keys.title': 'Keys of the log',
  'keys.label': 'Verifier keys, one a line',
  'keys.help':
    'From elsewhere than the evidence: from the register or contract where they were deposited, or from an earlier audit. Whoever could change the evidence could change keys that came with it.',
  'keys.choose': 'Take them from a file',
  'more.title': 'More checks',
  'more.checkpoint': 'A checkpoint that was kept: the evidence of a bundle has to continue it',
  'more.through': 'The newest digest of a bundle has to be of this day or later (UTC)',
  'more.entry': 'The entry that a proof is said to be of',
  'more.remove': 'Take away',
  'action.verify': 'Verify',
  'action.cancel': 'Cancel',
  'action.text': 'Download the report',
  'action.json': 'Download the report as JSON',
  'state.reading': 'Reading the evidence',
  'state.progress': '{done} of {total} positions checked',
  'state.export': '{done} of {total} read',
  'state.cancelled': 'Cancelled. Nothing was found, because not everything was looked at.',
  'ask.file': 'Choose the evidence first.',
  'ask.keys': 'This evidence needs the keys of the log: an export and a proof carry none of their own.',
  'ask.needless':
    'A checkpoint and a day are held against a bundle alone, and an entry against a proof alone. Take away what this evidence is not held against.',
  'result.title': 'Result',
  'result.report': 'Report',
  'result.warning':
    'The keys came with the bundle, so this proves only that the bundle agrees with itself. Verify again with the keys of the log from elsewhere.',
  'verdict.intact': 'Intact',
  'verdict.altered': 'Altered',
  'verdict.missing': 'Missing',
  'verdict.truncated': 'Truncated',
  'verdict.incomplete': 'Incomplete',
  'verdict.unconfirmed': 'Unconfirmed',
  'verdict.refused': 'No evidence',
  'verdict.defect': 'Not verified',
  'means.intact':
    'Everything in scope is what was sealed. It does not show that what was recorded is true, or that everything was recorded.',
  'means.altered':
    'What the report names is not what was sealed. Keep the file as it is, and get a second copy before anything else.',
  'means.missing': 'Something that was sealed is not there, and no policy explains it.',
  'means.truncated': 'The evidence ends before what is known to exist. Ask for a newer one.',
  'means.incomplete':
    'Not everything could be checked, or there was nothing to check. The report says what is lacking.',
  'means.unconfirmed':
    'What is absent expired since the last seal, by its maker’s word. Ask for a new bundle after the next seal.',
  'means.refused': 'The file is not what it claims, is damaged, or is of another log than the keys. It shows nothing.',
  'means.defect':
    'The page failed, and nothing is said of the evidence. Verify it with the command, and report what stands below.',
  'unit.bytes': '{n} bytes',
  'unit.kilobytes': '{n} kB',
  'unit.megabytes': '{n} MB',
  'unit.gigabytes': '{n} GB',
} as const;

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
