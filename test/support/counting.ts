/** Passes every call on, and counts it. */
export function counting<T extends object>(inner: T, onCall: (name: string) => void): T {
  return new Proxy(inner, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        onCall(String(name));
        return member.apply(target, args);
      };
    },
  });
}
