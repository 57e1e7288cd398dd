// The page of entries.

export const entries = {
  loading: 'प्रविष्टियाँ लोड हो रही हैं',
  reload: 'फिर से लोड करें',
  range: 'समय सीमा',
  anyTime: 'जितना खोजा जा सकता है',
  badRange: 'सीमा का अंत उसकी शुरुआत के बाद होना चाहिए, और वह लिंक में समाने लायक होनी चाहिए।',
  zone: 'समय क्षेत्र',
  order: 'क्रम',
  selection: 'प्रविष्टि खोलें',
  openEntry: (sentence: string) => `खोलें: ${sentence}`,
  count: (shown: string, count: number) => (count === 1 ? 'इस पृष्ठ पर 1 प्रविष्टि' : `इस पृष्ठ पर ${shown} प्रविष्टियाँ`),
  nothing: 'कोई प्रविष्टि नहीं मिली',
  nothingYet: 'इस सीमा में ऐसा कुछ दर्ज नहीं हुआ जो आपकी भूमिका देखती है। एप्लिकेशन के दर्ज करते ही प्रविष्टियाँ यहाँ दिखेंगी।',
  nothingFits: 'इस सीमा में माँगी गई बात से कुछ मेल नहीं खाता। कोई शर्त हटाएँ, या और पीछे तक खोजें।',
  searchAll: 'और पीछे तक खोजें',
  pages: 'प्रविष्टियों के पृष्ठ',
  nextPage: 'अगला पृष्ठ',
  previousPage: 'पिछला पृष्ठ',
  page: (page: number) => `पृष्ठ ${page}`,
  perPage: (count: number) => `${count} प्रविष्टियाँ`,
  preferences: 'स्तंभ और पंक्तियाँ',
} as const;

export const zones = { local: 'मेरा क्षेत्र', utc: 'यूटीसी' } as const;

export const orders = {
  recordedAt: { desc: 'दर्ज: नया पहले', asc: 'दर्ज: पुराना पहले' },
  occurredAt: { desc: 'घटित: नया पहले', asc: 'घटित: पुराना पहले' },
} as const;

export const columns = {
  time: 'समय',
  severity: 'गंभीरता',
  description: 'क्या हुआ',
  actor: 'कौन',
  target: 'किस पर',
  source: 'कहाँ से',
  outcome: 'परिणाम',
  action: 'कार्य',
  category: 'श्रेणी',
  occurredAt: 'कब हुआ',
  recordedAt: 'कब दर्ज हुआ',
  role: 'भूमिका',
  channel: 'माध्यम',
  country: 'देश',
  session: 'सत्र',
  correlation: 'सह-संबंध',
  request: 'अनुरोध',
  recorder: 'किसने दर्ज किया',
  place: 'शृंखला में स्थान',
} as const;

export const severities = { critical: 'अति गंभीर', high: 'उच्च', medium: 'मध्यम', low: 'निम्न', info: 'जानकारी' } as const;
export const outcomes = { success: 'सफल', failure: 'विफल', denied: 'अस्वीकृत', unknown: 'अज्ञात' } as const;
export const actorTypes = {
  user: 'कोई उपयोगकर्ता',
  service: 'कोई सेवा',
  system: 'सिस्टम',
  anonymous: 'कोई अज्ञात',
  external: 'कोई बाहरी',
} as const;
export const channels = { ui: 'हाथ से', api: 'प्रोग्राम से', automation: 'अपने-आप' } as const;

export const filter = {
  label: 'प्रविष्टियाँ छाँटें',
  placeholder: 'शब्द से, कौन, क्या, किस पर से प्रविष्टियाँ खोजें …',
  nothing: 'कोई फ़ील्ड या मान मेल नहीं खाता; एंटर दबाने पर इसे शब्द की तरह खोजा जाएगा',
  clear: 'माँगी गई शर्तें हटाएँ',
  operation: 'शर्तें कैसे जुड़ती हैं',
  any: 'कोई भी मान',
  values: (field: string) => `${field} के मान`,
} as const;

export const query = {
  form: 'कैसे पूछें',
  asFilters: 'फ़िल्टर',
  asText: 'लिखकर',
  label: 'खोज वाक्य',
  hint: 'एंटर दबाने पर खोज होती है। जैसे: actor.id:u3 AND severity:>=high, या "एक वाक्यांश"।',
  example: 'severity:>=high AND action:auth.*',
  search: 'खोजें',
  fault: (column: number) => `अक्षर ${column} पर यह अपेक्षित था:`,
  onlyText: 'यह खोज वाक्य फ़िल्टर से अधिक कहता है, इसलिए इसे लिखित रूप में दिखाया गया है।',
} as const;

export const notices = {
  role: (role: string, sees: string) =>
    `${role} की भूमिका में आप यह देखते हैं: ${sees} इससे अधिक के लिए अपने संगठन के अनुपालन अधिकारी से पूछें।`,
  ownHidden: 'ट्रेल के आपके अपने पठन सूची में नहीं हैं।',
  ownShown: 'ट्रेल के आपके अपने पठन भी सूची में हैं, यदि कोई और भी ट्रेल की समीक्षा करता है।',
  showOwn: 'उन्हें दिखाएँ',
  hideOwn: 'उन्हें छोड़ दें',
  beyond: 'पुरानी प्रविष्टियाँ अभिलेखागार में हैं',
  beyondAdvice: (from: string, to: string) =>
    `${from} से ${to} तक जो दर्ज हुआ वह तुरंत खोजे जाने वाले भाग में अब नहीं है। अभिलेखागार की खोज उसे पाती है (POST /v1/queries)।`,
  cutShort: 'इस पृष्ठ के लिए पूरी सीमा देखने का समय नहीं था। अगला पृष्ठ यहीं से आगे बढ़ता है।',
  gaps: 'दर्ज की गई कुछ प्रविष्टियाँ नहीं मिलीं',
  gapsAdvice:
    'इन स्थानों पर जो संग्रहीत है वह दर्ज की गई प्रविष्टि नहीं है, और उसे नहीं दिखाया जाता। चेतावनी भेजी जा चुकी है; अपने अनुपालन अधिकारी को बताएँ।',
  gap: (chain: string, first: string, last: string, reason: string) =>
    first === last ? `शृंखला ${chain}, स्थिति ${first}: ${reason}` : `शृंखला ${chain}, स्थिति ${first} से ${last}: ${reason}`,
} as const;

export const gapReasons = {
  altered: 'बदल दी गई है',
  unlinked: 'शृंखला से नहीं जुड़ती',
  missing: 'वहाँ नहीं है',
  malformed: 'कोई प्रविष्टि नहीं है',
  misdated: 'उसका समय संभव नहीं है',
  planted: 'किसी ने वहाँ रखी है',
} as const;

export const news = {
  pause: 'रोकें',
  resume: 'नई प्रविष्टियाँ देखते रहें',
  paused: 'नई प्रविष्टियाँ नहीं देखी जा रही हैं।',
  none: 'नई प्रविष्टियों की सूचना यहाँ मिलेगी। हर मिनट की यह जाँच पठन के रूप में दर्ज होती है।',
  some: (shown: string, count: number, more: boolean) =>
    more ? `${shown} या अधिक नई प्रविष्टियाँ` : count === 1 ? '1 नई प्रविष्टि' : `${shown} नई प्रविष्टियाँ`,
  show: 'उन्हें दिखाएँ',
} as const;

export const panel = {
  title: 'प्रविष्टि',
  parts: 'प्रविष्टि के भाग',
  overview: 'सारांश',
  changes: 'बदलाव देखें',
  connected: 'संबंधित',
  raw: 'मूल रूप',
  copyLink: 'लिंक कॉपी करें',
  copyRaw: 'जेसन कॉपी करें',
  filterBy: (field: string, value: string) => `खोजें: ${field} ${value}`,
} as const;

export const sections = {
  what: 'क्या',
  actor: 'कौन',
  target: 'किस पर',
  when: 'कब',
  source: 'कहाँ से',
  context: 'कैसे',
  metadata: 'अतिरिक्त जानकारी',
  record: 'अभिलेख',
} as const;

export const changes = {
  none: 'पहले और बाद में कोई अंतर नहीं है।',
  count: (shown: string, count: number) => (count === 1 ? '1 अंतर' : `${shown} अंतर`),
  what: 'बदलाव',
  where: 'कहाँ',
  before: 'पहले',
  after: 'बाद में',
  added: 'जोड़ा गया',
  removed: 'हटाया गया',
  changed: 'बदला गया',
  everything: 'पूरा मान',
  more: (left: string) => `और दिखाएँ (${left} शेष)`,
} as const;

export const connected = {
  by: 'किस तरह संबंधित',
  history: 'रिकॉर्ड का इतिहास',
  correlation: 'वही सह-संबंध',
  request: 'वही अनुरोध',
  session: 'वही सत्र',
  parent: 'कारण और प्रभाव',
  nothing: 'इस तरह से ऐसा कुछ और संबंधित नहीं है जो आपकी भूमिका देखती हो।',
  here: 'यह प्रविष्टि',
  more: (count: number) => `पहली ${count} दिखाई गई हैं।`,
} as const;

export const show = {
  fold: 'कम दिखाएँ',
  unfold: (characters: number) => `सभी ${characters} अक्षर दिखाएँ`,
  invisible: (code: string) => `एक अदृश्य अक्षर: ${code}`,
} as const;
