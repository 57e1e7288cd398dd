// Remembers what a page was asked, once it has answered.
import { useEffect } from 'react';
import { type Owner, type Recent, remember } from './recent.ts';

/** `state`: the question as an address, without what only says how it is shown; undefined while there is no answer. */
export function useRemembered({ tenant, subject }: Owner, page: Recent['page'], state: string | undefined): void {
  useEffect(() => {
    if (state !== undefined) remember({ tenant, subject }, page, state);
  }, [tenant, subject, page, state]);
}
