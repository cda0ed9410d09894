import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './api';

/** Calls the API as a client does that was generated from docs/openapi.json. */
export const client = (url: string): Client<paths> => createClient<paths>({ baseUrl: url });
