// The frame, and signing in.

export const shell = {
  opening: 'खुल रहा है',
  navigation: 'ऑडिट ट्रेल',
  language: 'भाषा',
  theme: 'रंग-रूप',
  compact: 'सघन पंक्तियाँ',
  settings: 'इस ब्राउज़र की सेटिंग',
  signOut: 'साइन आउट करें',
  tenant: (tenant: string) => `संगठन: ${tenant}`,
  signedInAs: (name: string, tenant: string) => `${name} के रूप में साइन इन, संगठन ${tenant}`,
  actingAs: (role: string) => `${role} की भूमिका में`,
  nowhere: 'आपके लिए ऐसा कोई पृष्ठ नहीं है',
  nowhereAdvice: 'हो सकता है कि लिंक गलत लिखा गया हो, या ऐसे पृष्ठ का हो जो आपकी भूमिका में नहीं है।',
  begin: 'पहले पृष्ठ पर जाएँ',
  retry: 'फिर कोशिश करें',
  requestCode: 'बताने के लिए कोड:',
  copyCode: 'कोड कॉपी करें',
  copied: 'कॉपी हो गया',
  notCopied: 'कॉपी नहीं हो सका',
} as const;

export const layout = {
  navigation: 'पृष्ठ',
  navigationToggle: 'पृष्ठों की सूची खोलें',
  navigationClose: 'पृष्ठों की सूची बंद करें',
  notifications: 'सूचनाएँ',
} as const;

export const languages = { en: 'English', hi: 'हिन्दी' } as const;

export const themes = { system: 'डिवाइस जैसा', light: 'हल्का', dark: 'गहरा' } as const;

export const signIn = {
  title: 'साइन इन करें',
  explained: 'आपको आपके संगठन के साइन-इन पृष्ठ पर भेजा जाएगा, और आप यहीं लौट आएँगे। वहाँ आप जो लिखते हैं, वह इस पृष्ठ तक नहीं पहुँचता।',
  button: 'साइन इन करें',
  again: 'फिर कोशिश करें',
  expired: 'आपका सत्र समाप्त हो गया है',
  expiredAdvice: 'कुछ भी खोया नहीं है: फिर से साइन इन करें, और आप वहीं होंगे जहाँ थे।',
  unreachable: 'साइन-इन पृष्ठ तक पहुँचा नहीं जा सका',
  unreachableAdvice:
    'अपना नेटवर्क जाँचें और फिर कोशिश करें। यदि दूसरे भी साइन इन नहीं कर पा रहे हैं, तो इस सेवा को चलाने वालों को बताएँ।',
  failed: 'आप साइन इन नहीं हो सके',
  failedAdvice: 'फिर कोशिश करें। यदि ऐसा दोबारा हो, तो ये शब्द उन्हें दिखाएँ जो आपके खाते का प्रबंधन करते हैं:',
} as const;

export const chooseRole = {
  title: 'भूमिका चुनें',
  explained:
    'आपके खाते में कई भूमिकाएँ हैं। आप एक समय में एक ही भूमिका में काम करते हैं, क्योंकि हर भूमिका कुछ अलग देखती है और हर पठन उसी के साथ दर्ज होता है। आप इसे बाद में पृष्ठ के ऊपर बदल सकते हैं।',
  button: 'आगे बढ़ें',
} as const;

export const noRole = {
  title: 'आपके खाते में कोई भूमिका नहीं है',
  advice: 'भूमिका के बिना कुछ भी नहीं दिखाया जा सकता। अपने संगठन में खातों का प्रबंधन करने वालों से भूमिका माँगें।',
} as const;
