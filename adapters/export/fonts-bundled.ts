/** The fonts inside of a function's bundle, which has no folder to read them from (lib/constructs/bundle.ts). */

import regular from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';
import bold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf';

export const REGULAR_FONT: Uint8Array = regular;
export const BOLD_FONT: Uint8Array = bold;
