// The name of a value inside of a state.
import { parsePointer } from '../../core/json/pointer.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';

export function ValueName({ pointer }: { readonly pointer: string }) {
  const t = useTexts().changes;
  const path = parsePointer(pointer) ?? [];
  return path.length === 0 ? t.everything : <Value text={path.join(' › ')} short={120} />;
}
