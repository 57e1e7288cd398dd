// All of Hindi in one part, loaded by who reads it: the console's own texts, and those of the components.
export { COMPONENTS_HI } from './hi/components/components.ts';
export { hi } from './hi.ts';
