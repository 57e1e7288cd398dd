// How long entries are kept.

export const retention = {
  explained: 'प्रविष्टि की श्रेणी तय करती है कि वह कब तक रखी जाती है। अवधियाँ सेवा की सेटिंग हैं, और यहाँ केवल दिखाई जाती हैं।',
  asPreset: (preset: string) => `सभी अवधियाँ “${preset}” वाली हैं।`,
  nearPreset: (preset: string, count: number) => `अवधियाँ “${preset}” के सबसे पास हैं; ${count} श्रेणियाँ अलग तय की गई हैं।`,
  lock: 'अवधि प्रविष्टि के दिन (यूटीसी) के अंत से गिनी जाती है। वह एक ताला है: संग्रह में रखी प्रविष्टि उसके पूरे होने से पहले कोई नहीं हटा सकता, और उसके बाद वह अपने आप हटती है, जब तक कोई कानूनी रोक उसे न घेरे।',
  table: 'श्रेणी के अनुसार अवधि',
  category: 'श्रेणी',
  labels: 'आवश्यकताओं में नाम',
  period: 'कब तक',
  source: 'कहाँ से',
  changed: 'अलग तय',
  severity: 'गंभीरता',
} as const;

export const presets = {
  catalog: 'सबका मिश्रण',
  'client-records': 'ग्राहकों के रिकॉर्ड',
  'application-processing': 'आवेदनों का निपटारा',
  'compliance-guide': '7 वर्ष तक के नियम',
  forms: 'फ़ॉर्म और पोर्टल',
  'case-management': 'मामलों का प्रबंधन',
} as const;
